import type { ServedResponse } from '@strikewire/runtime';
import type { Asked } from '../../orders/order-funds';
import { failure, missing, success } from '../answers';
import type { OpenalgoCall } from '../rest/rest-call';
import { isAnswer, legFrom, numberOf } from './order-request';
import { rupees } from './order-rows';

const legsMost = 50;
/** What a margin of which nothing is known comes as: the least number of 32 bits. */
const sentinel = -3.4028234663852886e38;

/** POST /margin: quantities and prices may be texts. */
export function marginRoute({ deps, fields, clientId }: OpenalgoCall): ServedResponse {
  const { positions } = fields;
  if (!Array.isArray(positions)) return missing('positions');
  if (positions.length === 0 || positions.length > legsMost) {
    return failure(400, { positions: [`Length must be between 1 and ${legsMost}.`] });
  }
  const asked: Asked[] = [];
  for (const item of positions as Record<string, unknown>[]) {
    const leg = legFrom(item ?? {}, deps.symbols);
    if (isAnswer(leg)) return leg;
    const [quantity, price] = [numberOf(item['quantity']), numberOf(item['price'] ?? 0)];
    if (!(quantity > 0)) return failure(400, { quantity: ['Quantity must be positive.'] });
    if (!(price >= 0)) return failure(400, { price: ['Price must be a non-negative number.'] });
    asked.push({ ...leg, quantity, pricePaise: Math.round(price * 100) });
  }
  const shape = deps.faults.orders.marginShape(clientId);
  if (shape === 'error200') return failure(200, 'Failed to calculate margin');
  const beside = { positions: false, orders: false };
  const { total, span, exposure, benefit } = deps.desk.margin(clientId, asked, beside);
  const told = (paise: number): number => shape === 'sentinel' ? sentinel : rupees(paise);
  return success({
    data: {
      total_margin_required: told(total), span_margin: told(span),
      exposure_margin: told(exposure), ...(asked.length > 1 && { margin_benefit: told(benefit) }),
    },
  });
}
