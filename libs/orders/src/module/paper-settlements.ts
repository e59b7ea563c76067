import { paiseOf, type SettlementPrice } from '@strikewire/contracts';
import type { Clock } from '@strikewire/runtime';
import type { Asker } from '../engine/asker';
import { deniedError } from '../engine/order-access';
import type { ExpiryOf, SettlementPrices } from './settlement-prices';

/** An expiry that paper positions wait for. */
export interface WaitingExpiry extends ExpiryOf {
  positions: number;
  /** Of the options that wait; none for futures alone. */
  strikesPaise: readonly number[];
  /** Last prices of the futures that wait, as far as they are known. */
  futuresPaise?: readonly number[];
}

/** A price this many times above the highest strike that waits, or below the lowest, is a slip. */
const factorMax = 2;
/** A future ends near its underlying: a price further off than this part is a slip. */
const futureMost = 0.5;

/** What people do about expiries whose price nobody saw. */
export class PaperSettlements {
  private readonly clock: Pick<Clock, 'wallMs'>;
  private readonly prices: SettlementPrices;
  private readonly waits: () => readonly WaitingExpiry[];

  constructor(
    clock: Pick<Clock, 'wallMs'>,
    prices: SettlementPrices,
    waits: () => readonly WaitingExpiry[],
  ) {
    this.clock = clock;
    this.prices = prices;
    this.waits = waits;
  }

  waiting(): (ExpiryOf & { positions: number })[] {
    return this.waits().map(({ exchange, underlying, expiry, positions }) =>
      ({ exchange, underlying, expiry, positions }));
  }

  /** Positions are settled at it within seconds; what is stated once stays. */
  async state(asker: Asker, body: SettlementPrice): Promise<void> {
    const { exchange, underlying, expiry, price, reason } = body;
    const name = `${exchange}:${underlying} of ${expiry}`;
    const waiting = this.waits().find((one) => one.exchange === exchange
      && one.underlying === underlying && one.expiry === expiry);
    if (!waiting) throw deniedError('nothing_waits', `no paper position waits for ${name}`);
    const paise = paiseOf(price);
    refuseSlip(waiting, paise);
    const isNew = await this.prices.state(body, { paise, atMs: this.clock.wallMs() }, {
      by: asker.by,
      action: 'settlement.stated',
      subject: { kind: 'expiry', id: `${exchange}:${underlying}:${expiry}`, name },
      before: null,
      after: { price, reason, positions: waiting.positions },
    });
    if (isNew) return;
    throw deniedError('settlement_stated', `a price of ${name} is stated already, and stays`);
  }
}

function refuseSlip(waiting: WaitingExpiry, paise: number): void {
  if (paise < 1) throw deniedError('settlement_absurd', 'a price needs at least a paisa');
  const { least, most } = boundsOf(waiting);
  if (paise >= least && paise <= most) return;
  const range = [least, most].map((one) => `₹${(one / 100).toFixed(2)}`).join(' to ');
  const message = `₹${(paise / 100).toFixed(2)} is far from what waits, needs ${range}`;
  throw deniedError('settlement_absurd', message);
}

/** Of futures alone whose price nobody knows there is nothing to be far from. */
function boundsOf(
  { strikesPaise, futuresPaise = [] }: WaitingExpiry,
): { least: number; most: number } {
  if (strikesPaise.length > 0) {
    const least = Math.min(...strikesPaise) / factorMax;
    return { least, most: Math.max(...strikesPaise) * factorMax };
  }
  if (futuresPaise.length === 0) return { least: 1, most: Infinity };
  const least = Math.min(...futuresPaise) * (1 - futureMost);
  return { least, most: Math.max(...futuresPaise) * (1 + futureMost) };
}
