import type { MarginAnswer, MarginDesk, MarginQuestion } from '@strikewire/margin/engine';
import { createSeededRandom, errorCodeOf, sleep } from '@strikewire/runtime';
import type { VirtualClock } from '@strikewire/runtime/virtual';
import { afterEach, describe, expect, it } from 'vitest';
import { claimsMax, FundsClaims } from './funds-claims';
import { openOrderBench, requestId, ticket, trader, type OrderBench }
  from './testing/order-bench';
import type { ScriptedVenue } from './testing/scripted-venue';

const unitPaise = 100;
const totalPaise = 1_000 * unitPaise;

/** What the broker has blocked: every unit of its orders that can still trade, or has. */
function blockedPaise(venue: ScriptedVenue): number {
  const ended = ['cancelled', 'rejected', 'expired'];
  return [...venue.rows.values()].reduce((sum, { status, quantity, filledQuantity }) =>
    sum + unitPaise * (ended.includes(status) ? filledQuantity : quantity), 0);
}

/** A broker's own funds, asked for by the clock: they are as they were when it was asked. */
class TrueFunds implements MarginDesk {
  bench: { clock: VirtualClock; venue: ScriptedVenue } | undefined;
  known = { paise: totalPaise, atMs: -Infinity };
  /** How long an answer takes; undefined: funds are not read. */
  latency: () => number | undefined = () => 100;
  private isDue = true;

  look({ intended, claimedSince }: MarginQuestion): MarginAnswer {
    const required = intended.reduce((sum, one) => sum + unitPaise * Math.abs(one.quantity), 0);
    const availablePaise = this.known.paise - (claimedSince?.(this.known.atMs) ?? 0);
    const reason = 'a test';
    return {
      before: null, after: null, alone: null, reason, broker: null, brokerReason: null,
      availablePaise, legOrder: null,
      pre: {
        isAllowed: required <= availablePaise, requiredPaise: required, basis: 'broker', reason,
      },
    };
  }

  async assess(question: MarginQuestion): Promise<MarginAnswer> {
    const latency = this.latency();
    if (this.bench && this.isDue && latency !== undefined) {
      const { clock, venue } = this.bench;
      const known = { paise: totalPaise - blockedPaise(venue), atMs: clock.wallMs() };
      this.isDue = false;
      await sleep(clock, latency);
      this.known = known;
    }
    return this.look(question);
  }

  moved(): void {
    this.isDue = true;
  }

  changed(): void {
    this.isDue = true;
  }
}

let bench: OrderBench;
let funds: TrueFunds;
afterEach(() => bench?.orders.stop());

async function open(): Promise<void> {
  funds = new TrueFunds();
  bench = await openOrderBench({ margin: funds });
  funds.bench = bench;
}

let requests = 0;
function place(quantity: number, more: Parameters<typeof ticket>[0] = {}): Promise<string> {
  requests += 1;
  const legs = [ticket({ quantity, ...more })];
  const body = { requestId: requestId(requests), account: 'acc-1', legs };
  return bench.orders.desk.place(trader, body).then(() => 'made', errorCodeOf);
}

/** The broker's answers are on their way for so long. */
function slowAnswers(delayMs: number): void {
  const { place: placed } = bench.venue.orders;
  bench.venue.orders.place = async (order) => {
    const outcome = await placed(order);
    await sleep(bench.clock, delayMs);
    return outcome;
  };
}

describe('two requests on the same funds', () => {
  it('do not both pass, while the first is on its way and while funds do not know it', async () => {
    await open();
    funds.latency = () => undefined;
    slowAnswers(2_000);
    const both = [place(650), place(650)];
    await bench.clock.advance(10_000);
    expect(await Promise.all(both)).toEqual(['made', 'funds_short']);
    const third = place(650);
    await bench.clock.advance(10_000);
    expect(await third).toBe('funds_short');
    expect(blockedPaise(bench.venue)).toBe(650 * unitPaise);
  });

  it('pass when they fit beside each other, once funds were read again: none counts twice',
    async () => {
      await open();
      const one = place(520);
      await bench.clock.advance(10_000);
      const other = place(455);
      await bench.clock.advance(10_000);
      expect([await one, await other]).toEqual(['made', 'made']);
      expect(funds.known.paise).toBe((1_000 - 520) * unitPaise);
    });

  it.each(['rejected', 'cancelled', 'denied'] as const)(
    'pass when the first was %s: nothing is claimed any more', async (end) => {
      await open();
      const { venue, clock, orders } = bench;
      funds.latency = () => undefined;
      if (end === 'rejected') venue.script = () => 'rejected';
      if (end === 'denied') bench.journal.fault = (what) => (what === 'save' ? 'before' : null);
      const first = place(975);
      await clock.advance(5_000);
      expect(await first).toBe('made');
      bench.journal.fault = () => null;
      venue.script = () => 'ok';
      const [id] = [...venue.rows.values()].map(({ clientOrderId }) => clientOrderId ?? '');
      if (id) void orders.desk.cancel(trader, id);
      await clock.advance(5_000);
      const second = place(975);
      await clock.advance(5_000);
      expect(await second).toBe('made');
    });

  it('do not both pass when the first is not known to have come', async () => {
    await open();
    bench.venue.script = () => 'lost_back';
    bench.venue.failsReading = () => true;
    const first = place(975);
    await bench.clock.advance(20_000);
    expect(await first).toBe('made');
    funds.latency = () => undefined;
    const second = place(975);
    await bench.clock.advance(20_000);
    expect(await second).toBe('funds_short');
  });

  it('do not wait for one that nobody could explain once its day is over', async () => {
    bench = await openOrderBench();
    bench.margin.requiredPaise = 900_000_00;
    bench.venue.hasTags = false;
    bench.venue.script = () => 'lost_there';
    const first = place(65);
    await bench.clock.advance(20_000);
    expect(await first).toBe('made');
    bench.venue.script = () => 'ok';
    const second = place(65);
    await bench.clock.advance(20_000);
    expect(await second).not.toBe('made');
    await bench.clock.advance(24 * 3_600_000 - 100_000);
    const third = place(65);
    await bench.clock.advance(20_000);
    expect(await third).toBe('made');
  });

  it('are counted with orders that are made larger, or dearer', async () => {
    await open();
    const first = place(65);
    await bench.clock.advance(5_000);
    await first;
    funds.latency = () => undefined;
    const [id] = [...bench.venue.rows.values()].map((row) => row.clientOrderId ?? '');
    const both = [
      bench.orders.desk.modify(trader, id ?? '', { quantity: 780 }).then(() => 'made', errorCodeOf),
      place(650),
    ];
    await bench.clock.advance(10_000);
    expect(await Promise.all(both)).toEqual(['made', 'funds_short']);
  });

  it('do not both pass when funds were not known to the first', async () => {
    await open();
    slowAnswers(5_000);
    const known = funds.look.bind(funds);
    funds.look = (question) => {
      const answer = known(question);
      return { ...answer, availablePaise: null, pre: { ...answer.pre, isAllowed: true } };
    };
    const first = place(650);
    await bench.clock.advance(1_000);
    funds.look = known;
    const second = place(650);
    await bench.clock.advance(10_000);
    expect([await first, await second]).toEqual(['made', 'funds_short']);
  });

  it('leave nothing claimed by a request that fails before it is made', async () => {
    await open();
    funds.latency = () => undefined;
    bench.journal.fault = (what) => (what === 'create' ? 'before' : null);
    const first = place(975);
    await bench.clock.advance(5_000);
    expect(await first).not.toBe('made');
    bench.journal.fault = () => null;
    const second = place(975);
    await bench.clock.advance(5_000);
    expect(await second).toBe('made');
  });
});

describe('funds under many requests', () => {
  it('are never blocked beyond what there is, whatever is late, lost or refused (seeded)',
    async () => {
      for (let seed = 1; seed <= 40; seed += 1) {
        await open();
        const random = createSeededRandom(seed);
        const below = (count: number): number => Math.floor(random.next() * count);
        funds.latency = () => (random.next() < 0.3 ? undefined : below(800));
        bench.venue.script = (call) => {
          const chance = random.next();
          if (call !== 'place' || chance < 0.7) return 'ok';
          return chance < 0.8 ? 'rejected' : chance < 0.9 ? 'lost_back' : 'lost_there';
        };
        slowAnswers(300);
        const asked: Promise<unknown>[] = [];
        for (let turn = 0; turn < 40; turn += 1) {
          const ids = [...bench.venue.rows.values()].map((row) => row.clientOrderId ?? '');
          const id = ids[below(ids.length)] ?? '';
          const chance = random.next();
          const quantity = 65 * (1 + below(8));
          const { desk } = bench.orders;
          if (chance < 0.6) asked.push(place(quantity));
          else if (chance < 0.75) asked.push(desk.modify(trader, id, { quantity }).catch(() => 0));
          else if (chance < 0.9) asked.push(desk.cancel(trader, id).catch(() => 0));
          else bench.venue.fill(id, 65, 10_000);
          await bench.clock.advance(below(1_500));
          expect([seed, blockedPaise(bench.venue) <= totalPaise]).toEqual([seed, true]);
        }
        await bench.clock.advance(60_000);
        await Promise.all(asked);
        expect([seed, blockedPaise(bench.venue) <= totalPaise]).toEqual([seed, true]);
        // Claimed is what nobody knows of: all else that is free can be had, to the lot.
        funds.latency = () => 1;
        bench.venue.script = () => 'ok';
        const lost = bench.orders.floor.all.filter(({ state }) => state.status === 'unknown')
          .reduce((sum, { state }) => sum + unitPaise * state.quantity, 0);
        const freePaise = totalPaise - blockedPaise(bench.venue) - lost;
        const free = Math.floor(freePaise / unitPaise / 65) * 65;
        funds.moved();
        if (free > 0) {
          const rest = place(free);
          await bench.clock.advance(10_000);
          expect([seed, await rest]).toEqual([seed, 'made']);
        }
        bench.orders.stop();
      }
    }, 240_000);
});

describe('claims of an account', () => {
  it('are bounded, and make room when funds are read', () => {
    let nowMs = 1_000;
    const claims = new FundsClaims({ wallMs: () => nowMs });
    for (let count = 0; count < claimsMax; count += 1) {
      expect(claims.isFull('a')).toBe(false);
      claims.open('a', 5).follow(() => 'taken');
    }
    expect([claims.isFull('a'), claims.isFull('b')]).toEqual([true, false]);
    expect(claims.sumOf('a', nowMs)).toBe(5 * claimsMax);
    nowMs += 1;
    expect(claims.sumOf('a', nowMs)).toBe(0);
    expect(claims.isFull('a')).toBe(false);
  });

  it('let go of the oldest that was taken where nobody reads funds', () => {
    const claims = new FundsClaims({ wallMs: () => 1_000 });
    claims.open('a', 1_000);
    for (let count = 0; count < 2 * claimsMax; count += 1) {
      claims.open('a', 5).follow(() => 'taken');
    }
    expect(claims.sumOf('a', 1_000)).toBe(1_000 + 5 * (claimsMax - 1));
  });

  it('count until it is known what became of them, without one\'s own', () => {
    const claims = new FundsClaims({ wallMs: () => 1_000 });
    const own = claims.open('a', 7);
    claims.open('a', 5);
    expect([claims.sumOf('a', 9_000), claims.sumOf('a', 9_000, own)]).toEqual([12, 5]);
    own.drop();
    expect(claims.sumOf('a', 9_000)).toBe(5);
  });
});
