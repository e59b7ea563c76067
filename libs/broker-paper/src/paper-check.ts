import type { OrderRequest } from '@strikewire/broker';
import { checkOrder, type OrderCheckContext } from '@strikewire/orders';
import type { Refusal } from './paper-funds';
import type { PaperFacts } from './paper-facts';
import type { PaperCalendar } from './paper-ports';

/** What the exchange would refuse, the first to mend first; null: it takes the order. */
export function refuseOrder(
  request: OrderRequest,
  facts: PaperFacts | undefined,
  calendar: PaperCalendar,
  nowMs: number,
): Refusal | null {
  const { exchange = 'NSE' } = facts ?? {};
  const contract: OrderCheckContext['contract'] = facts
    ? {
      ...facts,
      products: ['intraday', 'carry'],
      lowerCircuitPaise: null,
      upperCircuitPaise: null,
    }
    : null;
  const [problem] = checkOrder(request, {
    contract,
    calendar: sessionOf(calendar, exchange),
    nowMs,
    neededPaise: null,
    availablePaise: null,
  });
  return problem ? { code: problem.code, reason: problem.message } : null;
}

/** Open or closed is all that is asked here. */
function sessionOf(
  calendar: PaperCalendar,
  exchange: PaperFacts['exchange'],
): OrderCheckContext['calendar'] {
  return {
    name: exchange,
    fromMs: -Infinity,
    toMs: Infinity,
    phaseAt: (atMs) => {
      const isTradable = calendar.isOpen(exchange, atMs);
      return { phase: isTradable ? 'continuous' : 'closed', date: null, isTradable, untilMs: null };
    },
    nextOpen: () => undefined,
  };
}
