import { createVirtualClock, type VirtualClock } from '@strikewire/runtime/virtual';
import { describe, expect, it } from 'vitest';
import { holidays, someUnderlyings, startMs } from '../testing/harness';
import type { Contract } from './contract';
import type { Chain } from './listing';
import { createMarket, type Market, type MarketOptions } from './market';

interface Opened {
  clock: VirtualClock;
  market: Market;
  chain: Chain;
}

function open(options: Partial<MarketOptions> = {}, atMs = startMs): Opened {
  const clock = createVirtualClock(atMs);
  const market = createMarket({
    clock, seed: 7, sessions: { kind: 'always' }, holidays, underlyings: someUnderlyings,
    rates: { ticksPerSecond: 500 }, ...options,
  });
  const nifty = market.underlying('NIFTY');
  const chain = nifty && market.chain(nifty, market.expiries(nifty)[1] ?? '');
  if (!chain) throw new Error('NIFTY is listed');
  return { clock, market, chain };
}

const legs = ({ market, chain }: Opened): Contract[] =>
  Array.from({ length: chain.legs.length }, (_, position) => market.lookLeg(chain, position));
const figures = (contracts: readonly Contract[]): unknown[] =>
  contracts.map(({ id, ltpPaise, volume, oi, tradeMs, depth }) =>
    [id, ltpPaise, volume, oi, tradeMs, ...depth]);

describe('market', () => {
  it('is the same for the same seed, and another for another seed', async () => {
    const run = async (seed: number): Promise<unknown[]> => {
      const opened = open({ seed });
      for (const leg of legs(opened)) opened.market.watch(leg);
      await opened.clock.advance(3_000);
      return figures(legs(opened));
    };
    const first = await run(7);
    expect(await run(7)).toEqual(first);
    expect(await run(8)).not.toEqual(first);
  });

  it('tells the same of an unwatched contract, whoever looked before', async () => {
    const [often, once] = [open(), open()];
    for (let second = 0; second < 20; second++) {
      legs(often);
      await often.clock.advance(1_000);
    }
    await once.clock.advance(20_000);
    const looked = legs(often).map(({ ltpPaise, depth }) => [ltpPaise, depth[4], depth[5]]);
    expect(legs(once).map(({ ltpPaise, depth }) => [ltpPaise, depth[4], depth[5]])).toEqual(looked);
  });

  it('prices calls down and puts up along the strikes, close to parity', () => {
    const { market, chain } = open();
    const spot = market.lookSpot(chain.underlying).ltpPaise;
    const near = chain.strikesPaise
      .map((strike, index) => ({
        strike,
        call: market.lookLeg(chain, 2 * index).ltpPaise,
        put: market.lookLeg(chain, 2 * index + 1).ltpPaise,
      }))
      .filter(({ strike }) => Math.abs(strike / spot - 1) < 0.02);
    expect(near.length).toBeGreaterThan(15);
    near.forEach(({ strike, call, put }, index) => {
      // Carry to the expiry is under 0.2 % of the spot; some trades are a few seconds old.
      expect(Math.abs(call - put - (spot - strike))).toBeLessThan(0.0025 * spot);
      const next = near[index + 1];
      if (next) expect([next.call < call, next.put > put]).toEqual([true, true]);
    });
  });

  it('lists far strikes that are dead in everything', () => {
    const opened = open();
    const all = legs(opened);
    const dead = all.filter(({ life }) => life === 'dead');
    expect(dead.length).toBeGreaterThan(100);
    for (const leg of dead) {
      expect([leg.ltpPaise, leg.oi, leg.volume, leg.tradeMs, ...leg.depth].every((x) => x === 0))
        .toBe(true);
    }
    expect(all.filter(({ life }) => life === 'live').length).toBeGreaterThan(150);
  });

  it('never crosses a book and keeps prices on the tick', () => {
    for (const leg of legs(open())) {
      const [, , , , bid = 0, ask = 0] = leg.depth;
      expect(ask === 0 || bid < ask).toBe(true);
      expect([leg.ltpPaise % 5, bid % 5, ask % 5]).toEqual([0, 0, 0]);
    }
  });

  it('grows volume and moves open interest in lots through the day', async () => {
    const opened = open();
    const before = legs(opened).map(({ volume }) => volume);
    await opened.clock.advance(3_600_000);
    const after = legs(opened);
    after.forEach(({ volume }, at) => expect(volume).toBeGreaterThanOrEqual(before[at] ?? 0));
    expect(after.filter(({ volume }, at) => volume > (before[at] ?? 0)).length)
      .toBeGreaterThan(100);
    expect(after.every(({ oi }) => oi % 65 === 0)).toBe(true);
    expect(after.some(({ oi, previousOi }) => oi !== previousOi)).toBe(true);
  });

  it('changes watched contracts by ticks alone, at the rate asked for', async () => {
    const opened = open();
    const { market, clock } = opened;
    const changes = new Map<Contract, number>();
    market.listen((contract) => changes.set(contract, (changes.get(contract) ?? 0) + 1), () => {});
    const all = legs(opened);
    for (const leg of all) market.watch(leg);
    const before = new Map(all.map((leg) => [leg, figures([leg])]));
    await clock.advance(2_000);
    expect(market.ticks).toBeGreaterThan(950);
    expect(market.ticks).toBeLessThanOrEqual(1_000);
    for (const leg of legs(opened)) {
      if (!changes.has(leg)) expect(figures([leg])).toEqual(before.get(leg));
    }
    expect([...changes.values()].every((count) => count <= 60)).toBe(true);
  });

  it('costs no timer while nobody watches', async () => {
    const opened = open();
    legs(opened);
    expect(opened.clock.pendingCount).toBe(0);
  });

  it('freezes when paused and goes on afterwards', async () => {
    const opened = open();
    const { market, clock } = opened;
    for (const leg of legs(opened).slice(0, 300)) market.watch(leg);
    await clock.advance(1_000);
    market.pause(true);
    const frozen = figures(legs(opened));
    await clock.advance(60_000);
    expect(figures(legs(opened))).toEqual(frozen);
    market.pause(false);
    await clock.advance(1_000);
    expect(figures(legs(opened))).not.toEqual(frozen);
  });

  it('keeps hours: frozen at night, ticking in session, a new day after that', async () => {
    const hours = { openMinute: 555, closeMinute: 930 };
    const sessions = {
      kind: 'hours', eras: [{ from: '2000-01-01', cash: hours, derivatives: hours }],
    } as const;
    const opened = open({ sessions }, Date.parse('2026-11-23T15:29:50+05:30'));
    const { market, clock } = opened;
    for (const leg of legs(opened)) market.watch(leg);
    await clock.advance(10_000);
    const frozen = figures(legs(opened));
    const { ticks } = market;
    expect(ticks).toBeGreaterThan(1_000);
    await clock.advance(3_600_000);
    expect([market.ticks, figures(legs(opened))]).toEqual([ticks, frozen]);
    await clock.advance(Date.parse('2026-11-25T09:15:10+05:30') - clock.wallMs());
    expect(market.ticks).toBeGreaterThan(ticks);
    const traded = legs(opened).find(({ day, tradeMs }) => day === '2026-11-25' && tradeMs > 0);
    expect(traded?.volume).toBeLessThan(traded?.previousVolume ?? 0);
  });

  it('rolls the expiry list over and gives new chains new ids', async () => {
    const { market, clock, chain } = open();
    const before = market.expiries(chain.underlying);
    await clock.advance(4 * 86_400_000);
    const after = market.expiries(chain.underlying);
    expect(after).not.toContain(before[0]);
    const added = after.find((date) => !before.includes(date)) ?? '';
    const firstIds = before.slice(1).map((date) => market.chain(chain.underlying, date)?.firstId);
    expect(market.chain(chain.underlying, added)?.firstId).toBeGreaterThan(chain.firstId);
    expect(firstIds).not.toContain(market.chain(chain.underlying, added)?.firstId);
  });
});
