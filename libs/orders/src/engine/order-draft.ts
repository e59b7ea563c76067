import type { Exit, OrderTicket } from '@strikewire/contracts';
import type { Clock, SecureRandom } from '@strikewire/runtime';
import { noCharges } from '../core/charges';
import { intendOrder } from '../core/order-life';
import type { Asker } from './asker';
import type { Holdings } from './holdings';
import type { OrderFloor } from './order-floor';
import { newOrderId } from './order-ids';
import type { OrderAct, OrderRecord } from './order-journal';
import type { PlannedLeg } from './order-plan';
import type { OrderVenue } from './order-venue';

/** Orders to be made. */
export interface OrderDraft {
  asker: Asker;
  requestId: string;
  venue: OrderVenue;
  legs: readonly PlannedLeg[];
  lowersRisk: boolean;
  flattens: boolean;
}

/** The intents of all legs, in the order in which they are sent. */
export function recordsOf(
  draft: OrderDraft,
  { clock, random }: { clock: Clock; random: SecureRandom },
): OrderRecord[] {
  const { asker, requestId, venue, lowersRisk, flattens } = draft;
  const nowMs = clock.wallMs();
  return draft.legs.flatMap((leg) => {
    const { facts, token, ticket, type, limitPaise, triggerPaise } = leg;
    if (!facts || !token) return [];
    const { side, product, validity = 'DAY' } = ticket;
    return leg.slices.map((quantity, slice): OrderRecord => {
      const clientOrderId = newOrderId(clock, random);
      const request = {
        clientOrderId, token, side, type, product, validity, quantity, limitPaise, triggerPaise,
      };
      return {
        state: intendOrder(request, venue.account, nowMs).state,
        facts,
        asked: ticket.type,
        placedBy: { userId: asker.userId, name: asker.name },
        requestId,
        leg: leg.leg,
        slice,
        lowersRisk,
        flattens,
        charges: noCharges,
      };
    });
  });
}

/** What closes what is held, without what orders under way close already. */
export async function exitTickets(
  floor: OrderFloor,
  holdings: Holdings,
  account: string,
  { contract, product }: Pick<Exit, 'contract' | 'product'>,
): Promise<OrderTicket[]> {
  const wanted = floor.ledger(account).positions
    .filter((one) => one.netQuantity !== 0)
    .filter((one) => one.key === (contract ?? one.key))
    .filter((one) => one.product === (product ?? one.product))
    // What is short first: to be without its cover is the greater risk.
    .sort((a, b) => a.netQuantity - b.netQuantity);
  const found = await Promise.all(wanted.map(async (position): Promise<OrderTicket> => {
    const quantity = await holdings.closableNow(account, position);
    const side = position.netQuantity > 0 ? 'SELL' : 'BUY';
    const { key, product: its } = position;
    return { contract: key, side, type: 'MARKET', product: its, quantity };
  }));
  return found.filter(({ quantity }) => quantity > 0);
}

/** An order as the activity log has it. */
export function summaryOf({ state, facts, asked }: OrderRecord): Record<string, unknown> {
  const { clientOrderId: id, side, product } = state.order;
  const { quantity, limitPaise, triggerPaise } = state;
  return { id, contract: facts.key, side, product, asked, quantity, limitPaise, triggerPaise };
}

/** What was done to one order. */
export function actOn(
  record: OrderRecord,
  { by }: Asker,
  action: string,
  after: OrderAct['after'],
): OrderAct {
  const { clientOrderId: id } = record.state.order;
  const subject = { kind: 'order', id, name: record.facts.key };
  return { by, action, subject, before: summaryOf(record), after };
}
