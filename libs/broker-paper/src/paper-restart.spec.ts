import { createSeededRandom, type Random } from '@strikewire/runtime';
import { describe, expect, it } from 'vitest';
import { createMemoryPaperStore } from './memory-paper-store';
import type { PaperChange, PaperStore } from './paper-ports';
import { paperToken } from './paper-record';
import { createPaperStage, farCallKey, type PaperStage } from './testing/paper-stage';

/**
 * A store that ends the process at a write: before it is written, or after, when nobody hears of
 * it. What was written is in `inner`; it writes copies, as a database does.
 */
class CrashingStore implements PaperStore {
  writes = 0;
  crashed: 'before' | 'after' | null = null;
  private readonly inner: PaperStore;
  private readonly crashAt: number;
  private readonly how: 'before' | 'after' | 'lost';

  constructor(inner: PaperStore, crashAt: number, how: CrashingStore['how']) {
    this.inner = inner;
    this.crashAt = crashAt;
    this.how = how;
  }

  load(sinceMs: number): Promise<PaperChange[]> {
    return this.inner.load(sinceMs);
  }

  async save(change: PaperChange): Promise<void> {
    if (this.crashed) throw new Error('the process has ended');
    const isNow = this.writes++ === this.crashAt;
    if (isNow && this.how === 'before') return this.crash('before');
    await this.inner.save(structuredClone(change));
    if (!isNow) return undefined;
    if (this.how === 'after') return this.crash('after');
    // Only the answer is lost: the same change comes again.
    throw new Error('the connection was lost after the write');
  }

  private crash(how: 'before' | 'after'): never {
    this.crashed = how;
    throw new Error('the process ends');
  }
}

/** Sends what is wanted as a platform does: what it does not know of is looked up first. */
async function sendAll(stage: PaperStage, wanted: readonly string[]): Promise<void> {
  for (const [index, clientOrderId] of wanted.entries()) {
    if (await stage.row(clientOrderId)) continue;
    const side = index % 3 === 2 ? 'SELL' : 'BUY';
    void stage.venue.orders.place({
      clientOrderId, token: paperToken(farCallKey), side, type: 'LIMIT', product: 'carry',
      validity: 'DAY', quantity: 195, limitPaise: side === 'BUY' ? 10_010 : 9_980,
      triggerPaise: null,
    });
    await stage.clock.advance(30);
  }
}

function tick(stage: PaperStage, random: Random): void {
  const quantity = 65 * (1 + Math.floor(random.next() * 3));
  stage.contracts.show(farCallKey, {
    bids: [{ pricePaise: 9_985, quantity }], asks: [{ pricePaise: 10_005, quantity }],
  });
}

const wanted = ['a', 'b', 'c', 'd'];

/** Four orders with one crash, as far as it comes to that. */
async function runOver(inner: PaperStore, crashing: CrashingStore, seed: number): Promise<{
  stage: PaperStage;
  hasCrashed: boolean;
}> {
  const stage = await createPaperStage({ store: crashing });
  const random = createSeededRandom(seed);
  let hasCrashed = false;
  for (let step = 0; step < 40; step++) {
    await sendAll(stage, wanted);
    if (crashing.crashed && stage.store === crashing) {
      hasCrashed = true;
      const seen = await stage.venue.orders.trades();
      await stage.restart(inner);
      // Whatever was told before is there after it.
      expect(await stage.venue.orders.trades()).toEqual(expect.arrayContaining(seen));
    }
    tick(stage, random);
    await stage.clock.advance(1_000);
  }
  return { stage, hasCrashed };
}

/** Each order is there once and filled once, and money is what has flowed. */
async function expectWhole(stage: PaperStage, inner: PaperStore, about: string): Promise<void> {
  const rows = await stage.venue.orders.orders();
  const trades = await stage.venue.orders.trades();
  expect([about, rows.map((row) => row.clientOrderId).sort()]).toEqual([about, wanted]);
  for (const { brokerOrderId, status, quantity } of rows) {
    const its = trades.filter((one) => one.brokerOrderId === brokerOrderId);
    const sum = its.reduce((total, one) => total + one.quantity, 0);
    expect([about, status, sum]).toEqual([about, 'filled', quantity]);
  }
  expect(new Set(trades.map(({ tradeId }) => tradeId)).size).toBe(trades.length);
  const flow = trades.reduce((sum, one) =>
    sum + (one.side === 'SELL' ? 1 : -1) * one.quantity * one.pricePaise, 0);
  const [stored] = await inner.load(0);
  const charges = stored!.trades.reduce((sum, one) => sum + one.chargesPaise, 0);
  expect(stored!.totals.cashPaise).toBe(100_000_000 + flow - charges);
  expect(await stage.venue.orders.positions()).toMatchObject([{ netQuantity: 390 }]);
}

describe('a restart in the middle of orders', () => {
  it.each(['before', 'after', 'lost'] as const)(
    'loses nothing and fills nothing twice, %s the write that it comes at',
    async (how) => {
      let crashes = 0;
      for (let crashAt = 0; crashAt < 14; crashAt++) {
        const inner = createMemoryPaperStore();
        const crashing = new CrashingStore(inner, crashAt, how);
        const { stage, hasCrashed } = await runOver(inner, crashing, 7 * crashAt + 1);
        if (hasCrashed) crashes++;
        await expectWhole(stage, inner, `${how} at ${crashAt}`);
        stage.market.stop();
      }
      // Where only an answer is lost, the same process goes on.
      expect(crashes > 7).toBe(how !== 'lost');
    },
  );

  it('in front of the same book does not offer the same units again', async () => {
    const stage = await createPaperStage();
    await stage.place({ clientOrderId: 'a', token: paperToken(farCallKey), quantity: 195 });
    expect((await stage.row('a'))?.filledQuantity).toBe(130);
    await stage.restart();
    await stage.clock.advance(5_000);
    stage.contracts.show(farCallKey, {});
    await stage.clock.advance(10);
    expect((await stage.row('a'))?.filledQuantity).toBe(130);
    await stage.place({ clientOrderId: 'b', token: paperToken(farCallKey), quantity: 65 });
    expect((await stage.row('b'))?.filledQuantity).toBe(0);
  });
});

describe('a store that does not answer', () => {
  it('keeps orders from being told, and closes the account until it does', async () => {
    const inner = createMemoryPaperStore();
    let isDown = true;
    const store: PaperStore = {
      load: (sinceMs) => inner.load(sinceMs),
      save: (change) => (isDown ? Promise.reject(new Error('down')) : inner.save(change)),
    };
    const stage = await createPaperStage({ store });
    const placing = stage.place({ clientOrderId: 'a', token: paperToken(farCallKey) });
    await stage.clock.advance(11_000);
    expect(await placing).toMatchObject({ kind: 'unknown' });
    expect([await stage.row('a'), stage.news]).toEqual([undefined, []]);
    expect(stage.venue.closedBecause()).toContain('cannot be stored');
    expect(await stage.place({})).toMatchObject({ kind: 'rejected', code: 'paper_closed' });
    isDown = false;
    await stage.clock.advance(60_000);
    expect(await stage.row('a')).toMatchObject({ status: 'filled', filledQuantity: 65 });
    expect(stage.venue.closedBecause()).toBeNull();
  });
});
