import type { BrokerTrade } from '@strikewire/broker';
import { addCharges, chargesOf, flatTwentyPlan, noCharges } from '@strikewire/orders';
import { createSeededRandom } from '@strikewire/runtime';
import { describe, expect, it } from 'vitest';
import { paperToken } from './paper-record';
import { callKey, createPaperStage, farCallKey, futureKey, stageExpiry, type PaperStage }
  from './testing/paper-stage';

const opening = 100_000_000;
const keys = [callKey, farCallKey, futureKey];

interface Play {
  stage: PaperStage;
  trades: BrokerTrade[];
  rows: Awaited<ReturnType<PaperStage['venue']['orders']['orders']>>;
}

/** A seeded hour of orders and books, and the end of the day of its options' expiry. */
async function play(seed: number, steps: number): Promise<Play> {
  const stage = await createPaperStage({ settings: { openingPaise: opening } });
  const { clock, contracts, venue } = stage;
  const random = createSeededRandom(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random.next() * list.length)] as T;
  for (let step = 0; step < steps; step++) {
    const key = pick(keys);
    const mid = 9_500 + 5 * Math.floor(random.next() * 200);
    const quantity = 65 * (1 + Math.floor(random.next() * 6));
    const dice = random.next();
    if (dice < 0.35) {
      contracts.show(key, {
        bids: [{ pricePaise: mid - 5, quantity }, { pricePaise: mid - 15, quantity: 130 }],
        asks: [{ pricePaise: mid + 5, quantity: 65 }, { pricePaise: mid + 20, quantity }],
        spotPaise: 2_400_000 + 5 * Math.floor(random.next() * 20_000),
      });
    } else if (dice < 0.5) contracts.print(key, mid, quantity);
    else if (dice < 0.6) await cancelOne(stage, random.next());
    else {
      const type = pick(['LIMIT', 'MARKET', 'SL', 'SL-M'] as const);
      const side = pick(['BUY', 'SELL'] as const);
      const trigger = type === 'SL' || type === 'SL-M' ? mid : null;
      await stage.place({
        token: paperToken(key), type, side, quantity, triggerPaise: trigger,
        product: pick(['carry', 'intraday'] as const),
        validity: pick(['DAY', 'DAY', 'IOC'] as const),
        limitPaise: type === 'LIMIT' || type === 'SL' ? mid + (side === 'BUY' ? 10 : -10) : null,
      });
    }
    await clock.advance(Math.floor(random.next() * 2_000));
  }
  await clock.advance(Date.parse(`${stageExpiry}T15:45:00+05:30`) - clock.wallMs());
  const [trades, rows] = [await venue.orders.trades(), await venue.orders.orders()];
  return { stage, trades, rows };
}

async function cancelOne({ venue, clock }: PaperStage, dice: number): Promise<void> {
  const rows = await venue.orders.orders();
  const row = rows[Math.floor(dice * rows.length)];
  if (!row) return;
  void venue.orders.cancel(row.brokerOrderId);
  await clock.advance(100);
}

/** Charges as they are by the trades alone: of each order as a whole, and of each exercise. */
function chargesBy(trades: readonly BrokerTrade[]): number {
  const orders = new Map<string, BrokerTrade[]>();
  for (const one of trades) {
    orders.set(one.brokerOrderId, [...(orders.get(one.brokerOrderId) ?? []), one]);
  }
  let total = noCharges;
  for (const [orderId, its] of orders) {
    const [{ token, side, tradedMs } = its[0] as never] = its;
    const isFuture = token.id.endsWith('FUT');
    const valuePaise = its.reduce((sum, one) => sum + one.quantity * one.pricePaise, 0);
    const isSettled = /^settlement-(carry|intraday)-/.test(orderId);
    if (isSettled && (isFuture || side === 'BUY')) continue;
    const traded = isFuture ? 'future' as const : 'option' as const;
    total = addCharges(total, chargesOf({
      exchange: 'NSE', symbol: 'NIFTY', event: isSettled ? 'exercise' : traded,
      side: isSettled ? 'BUY' : side, valuePaise, tradedMs,
    }, flatTwentyPlan));
  }
  return total.totalPaise;
}

const flow = (trades: readonly BrokerTrade[]): number => trades.reduce((sum, one) =>
  sum + (one.side === 'SELL' ? 1 : -1) * one.quantity * one.pricePaise, 0);
const net = (trades: readonly BrokerTrade[]): number =>
  trades.reduce((sum, one) => sum + (one.side === 'BUY' ? 1 : -1) * one.quantity, 0);

describe('money over random orders', () => {
  it('is the opening balance and what has flowed, to the paisa', async () => {
    let [fills, settlements] = [0, 0];
    for (let seed = 1; seed <= 12; seed++) {
      const { stage, trades, rows } = await play(seed, 120);
      // Futures are flat by their expiry: what they have made is what has flowed.
      expect(net(trades.filter(({ token }) => token.id === futureKey))).toBe(0);
      const closing = opening + flow(trades) - chargesBy(trades);
      const held = await stage.venue.orders.positions();
      const short = held.reduce((sum, one) => sum + Math.max(0, -one.netQuantity), 0);
      const { availablePaise, usedPaise } = stage.market.fundsOf('u1');
      expect({ seed, paise: availablePaise + usedPaise }).toEqual({ seed, paise: closing });
      if (held.length < 2) expect(usedPaise).toBe(short * 250_000);
      for (const row of rows) {
        const its = trades.filter((one) => one.brokerOrderId === row.brokerOrderId);
        expect(its.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(row.filledQuantity);
        expect(row.filledQuantity).toBeLessThanOrEqual(row.quantity);
        expect(['filled', 'cancelled', 'rejected', 'expired']).toContain(row.status);
      }
      fills += trades.length;
      settlements += trades.filter(({ brokerOrderId }) => /^settlement-carry/.test(brokerOrderId))
        .length;
    }
    expect(fills).toBeGreaterThan(200);
    expect(settlements).toBeGreaterThan(5);
  });

  it('and books are the same twice from the same ticks', async () => {
    const [one, other] = [await play(99, 150), await play(99, 150)];
    expect(other.trades).toEqual(one.trades);
    expect(other.rows).toEqual(one.rows);
    expect(other.stage.news).toEqual(one.stage.news);
    expect(one.trades.length).toBeGreaterThan(20);
  });
});
