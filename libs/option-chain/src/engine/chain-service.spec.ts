import { indiaIsoOf } from '@strikewire/contracts';
import type { LiveChain as LiveChainJson } from '@strikewire/contracts';
import { describe, expect, it } from 'vitest';
import { defaultUniverse } from '../core/universe';
import type { ChainBoard } from './chain-board';
import { ChainService } from './chain-service';
import { emptyPlan } from './day-plan';
import { benchSkeleton, benchSource, ChainBench } from './testing/chain-bench';
import { resolved } from './testing/resolved';

type Deps = ConstructorParameters<typeof ChainService>[0];

const [near, far] = ['2026-11-24', '2026-12-01'];

/** NIFTY with one chain built and one that failed; nothing known of the others. */
function setUp() {
  const bench = new ChainBench([benchSkeleton(near!, 5)]);
  const plan = emptyPlan(resolved(defaultUniverse), { tradingDayOf: () => '2026-11-24' });
  const [nifty] = plan.underlyings;
  if (!nifty) throw new Error('no underlying');
  const listed = [near!, far!, '2027-06-29'];
  nifty.listed = listed.map((expiry) => ({ expiry, class: 'weekly' }));
  nifty.fetchedMs = bench.clock.wallMs();
  nifty.chains = [
    { expiry: far!, class: 'weekly', state: 'not_built', reason: 'it is empty', skeleton: null,
      answer: null, held: null },
    { expiry: near!, class: 'weekly', state: 'built', reason: null,
      skeleton: benchSkeleton(near!, 5), answer: null, held: null },
  ];
  const market = { isStale: false };
  const board = {
    find: (key: string) => bench.chains.get(key.split(':')[2] ?? ''),
    all: () => bench.chains.values(),
    isStale: () => market.isStale,
    restOnlyOf: () => 0,
    feedLtp: () => bench.generation.store.ltpPaise[0] || undefined,
  } as Partial<ChainBoard> as ChainBoard;
  const { clock } = bench;
  const requests = { ageOf: () => ({ ageMs: 5_000, boundMs: 60_000 }) } as Partial<
    Deps['requests']
  > as Deps['requests'];
  const deps: Partial<Deps> = {
    clock, source: benchSource, board, requests, plan: () => plan,
  };
  const service = new ChainService(deps as Deps);
  return { bench, market, service };
}

const failure = (kind: string, code: string, text: RegExp) =>
  expect.objectContaining({ kind, code, message: expect.stringMatching(text) });

describe('chain', () => {
  it('takes the nearest that is built when no expiry is said', () => {
    const { bench, service } = setUp();
    expect(service.chain('NIFTY')).toBe(bench.chain(near!));
    expect(service.chain('NIFTY', near)).toBe(bench.chain(near!));
  });

  it.each([
    ['XYZ', undefined, failure('not_found', 'underlying_unknown', /"XYZ"/)],
    ['NIFTY', '2026-11-25', failure('not_found', 'expiry_not_listed', /2026-11-25/)],
    ['NIFTY', '2027-06-29', failure('not_found', 'expiry_not_kept', /2027-06-29/)],
    ['NIFTY', far, failure('retryable', 'chain_not_built', /it is empty/)],
    ['SENSEX', undefined, failure('retryable', 'chain_not_built', /being built/)],
    ['SENSEX', near, failure('retryable', 'chain_not_built', /being built/)],
  ])('has no chain of %s %s and says why', (symbol, expiry, expected) => {
    const { service } = setUp();
    expect(() => service.chain(symbol, expiry)).toThrow(expected);
  });
});

describe('snapshot', () => {
  it('is the same bytes until something changes', async () => {
    const { bench, market, service } = setUp();
    const first = service.snapshot('NIFTY');
    await bench.clock.advance(1_000);
    expect(service.snapshot('NIFTY', near)).toBe(first);
    bench.tick(1, 500);
    await bench.clock.advance(30);
    const second = service.snapshot('NIFTY');
    expect(second.etag).not.toBe(first.etag);
    market.isStale = true;
    await bench.clock.advance(30);
    expect(service.snapshot('NIFTY').etag).not.toBe(second.etag);
  });

  it('looks for changes at most every 25 ms, however many ask', () => {
    const { bench, service } = setUp();
    const first = service.snapshot('NIFTY');
    bench.tick(1, 500);
    expect(service.snapshot('NIFTY')).toBe(first);
  });
});

describe('the ATM', () => {
  it('moves with the spot, also of a chain that nobody watches or reads', async () => {
    const { bench, service } = setUp();
    bench.tickSpot(12_000);
    expect(service.atms()).toMatchObject([{ ltpPaise: 12_000, atmPaise: 12_000 }]);
    await bench.clock.advance(60_000);
    bench.tickSpot(18_700);
    expect(service.atms()).toEqual([
      {
        exchange: 'NSE', symbol: 'NIFTY', expiry: near, ltpPaise: 18_700,
        ltpMs: bench.clock.wallMs(), atmPaise: 19_000, anchorPaise: 14_000,
      },
    ]);
    expect(service.underlyings().underlyings[0]).toMatchObject({ ltp: 187, atmStrike: 190 });
    const built = service.expiries('NIFTY').chains.find(({ expiry }) => expiry === near);
    expect(built).toMatchObject({ atmOutsideWindow: true, state: 'built', strikeCount: 5 });
  });

  it('is not there without a spot', () => {
    const { service } = setUp();
    expect(service.atms()).toEqual([]);
    expect(service.underlyings().underlyings[0]).toMatchObject({ atmStrike: null });
  });
});

describe('expiries', () => {
  it('lists what the broker lists and says of each kept chain how it stands', () => {
    const { bench, service } = setUp();
    expect(service.expiries('NIFTY')).toMatchObject({
      listed: [near, far, '2027-06-29'],
      fetchedAt: indiaIsoOf(bench.clock.wallMs()),
      chains: [
        { expiry: far, state: 'not_built', reason: 'it is empty', stale: true, tickAgeMs: null },
        { expiry: near, state: 'built', reason: null, liveCount: 0 },
      ],
    });
  });
});

describe('a read right after a new generation', () => {
  it('is priced, although the chain was read a moment before', () => {
    const { bench, service } = setUp();
    const read = (): LiveChainJson => JSON.parse(service.snapshot('NIFTY').body.toString());
    bench.tickSpot(12_000);
    for (let row = 0; row < 10; row++) bench.tick(1 + row, 900 - 20 * row);
    expect(read().forward).not.toBeNull();
    bench.swap([benchSkeleton(near!, 7)]);
    const after = read();
    expect([after.strikes.length, after.generation]).toEqual([7, 2]);
    expect(after.forward).not.toBeNull();
    expect(after.pricing.yearsToExpiry).toBeGreaterThan(0);
  });
});
