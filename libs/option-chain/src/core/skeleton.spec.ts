import type { BrokerLeg, InstrumentTable } from '@strikewire/broker';
import { universeRowSchema, universeRuleSchema, type UniverseRow } from '@strikewire/contracts';
import { describe, expect, it } from 'vitest';
import { layOutGeneration } from './generation-layout';
import { buildSkeleton, type ChainAnswer, type Skeleton, type SkeletonOutcome } from './skeleton';
import { defaultUniverse } from './universe';

function leg(id: number): BrokerLeg {
  return {
    token: { segment: 'NSE_FNO', id: String(id) },
    ltpPaise: 100,
    bidPaise: 95,
    askPaise: 105,
    bidQty: 65,
    askQty: 65,
    volume: 1,
    oi: 1,
    previousOi: null,
    closePaise: null,
    greeks: null,
  };
}

/** Strikes in rupees; those in `broken` have no put. Call ids are 2 i, put ids 2 i + 1. */
function chainOf(strikes: readonly number[], broken: readonly number[] = []): ChainAnswer {
  return {
    broker: 'test',
    spotPaise: null,
    strikes: strikes.map((strike, index) => ({
      strikePaise: strike * 100,
      CE: leg(2 * index),
      PE: broken.includes(strike) ? null : leg(2 * index + 1),
    })),
    sentMonoMs: 0,
    receivedMs: 0,
  };
}

const found = { tickPaise: 5, freezeQuantity: null };
const master = (lotSize: number | null): InstrumentTable => ({
  size: 1,
  get: (token) =>
    lotSize === null ? undefined : { ...found, token, symbol: `S-${token.id}`, lotSize },
});

const row: UniverseRow = { ...defaultUniverse[0]!, window: { below: 2, above: 2 } };
const strikes = [100, 110, 120, 130, 140, 150, 160];

function build(changes: Partial<Parameters<typeof buildSkeleton>[0]> = {}): SkeletonOutcome {
  return buildSkeleton({
    row,
    expiry: '2026-11-24',
    expiryClass: 'monthly',
    chain: chainOf(strikes),
    ltpPaise: 13_200,
    asOfMs: 1_000,
    instruments: master(65),
    ...changes,
  });
}

function built(changes: Partial<Parameters<typeof buildSkeleton>[0]> = {}): Skeleton {
  const outcome = build(changes);
  if ('reason' in outcome) throw new Error(outcome.reason);
  return outcome.skeleton;
}

describe('buildSkeleton', () => {
  it('cuts the window around the price and keeps what it was cut by', () => {
    const skeleton = built();
    expect(skeleton.strikes.map((one) => one.strikePaise / 100)).toEqual([110, 120, 130, 140, 150]);
    expect(skeleton).toMatchObject({
      lotSize: 65,
      intervalPaise: 1_000,
      ltpPaise: 13_200,
      asOfMs: 1_000,
      anchorPaise: 13_000,
      shortfall: 0,
      incompletePaise: [],
    });
    expect(skeleton.strikes[0]?.CE).toEqual({
      token: { segment: 'NSE_FNO', id: '2' },
      symbol: 'S-2',
    });
  });

  it('says how many strikes the exchange lacks', () => {
    expect(built({ ltpPaise: 10_000 })).toMatchObject({ shortfall: 2, anchorPaise: 10_000 });
    const few = built({ chain: chainOf([120, 130]), ltpPaise: 12_000 });
    expect(few.strikes).toHaveLength(2);
    expect(few.shortfall).toBe(3);
  });

  it('names strikes that lack a leg instead of dropping them in silence', () => {
    const skeleton = built({ chain: chainOf(strikes, [120, 160]) });
    expect(skeleton.strikes.map((one) => one.strikePaise / 100)).toEqual([110, 130, 140, 150]);
    // 160 lies outside the window and is nobody's loss.
    expect(skeleton.incompletePaise).toEqual([12_000]);
  });

  it('takes the lot size from any contract of the window that the master knows', () => {
    const onlyLast: InstrumentTable = {
      size: 1,
      get: (token) =>
        token.id === '11' ? { ...found, token, symbol: 'S', lotSize: 20 } : undefined,
    };
    const skeleton = built({ instruments: onlyLast });
    expect(skeleton.lotSize).toBe(20);
    expect(skeleton.strikes[0]?.CE.symbol).toBe('2');
  });

  it.each([
    ['lists no strikes', { chain: chainOf([]) }],
    ['has no interval', { chain: chainOf([100]) }],
    ['no strike has both', { chain: chainOf(strikes, strikes) }],
    ['no lot size', { instruments: master(null) }],
    ['no lot size', { instruments: master(0) }],
  ])('gives the reason: %s', (reason, changes) => {
    expect(build(changes)).toEqual({ reason: expect.stringContaining(reason) });
  });
});

describe('layOutGeneration', () => {
  const spots = [
    { exchange: 'NSE', symbol: 'NIFTY', token: { segment: 'IDX_I', id: '13' } },
    { exchange: 'BSE', symbol: 'SENSEX', token: { segment: 'IDX_I', id: '51' } },
  ] as const;
  const near = built();
  const far: Skeleton = {
    ...built(),
    expiry: '2026-12-29',
    strikes: near.strikes.slice(0, 3).map((strike) => ({
      ...strike,
      CE: { ...strike.CE, token: { segment: 'NSE_FNO', id: `9${strike.CE.token.id}` } },
      PE: { ...strike.PE, token: { segment: 'NSE_FNO', id: `9${strike.PE.token.id}` } },
    })),
  };
  const layout = layOutGeneration(spots, [near, far]);

  it('gives every contract a slot of its own, and every slot a contract', () => {
    const slots = [...layout.slotByKey.values()].sort((a, b) => a - b);
    expect(slots).toEqual(Array.from({ length: layout.slotCount }, (_, index) => index));
    expect(layout.slotCount).toBe(2 + 10 + 6);
    expect(layout.groupCount).toBe(4);
  });

  it('puts the legs of a strike side by side, call first, strikes ascending', () => {
    for (const { skeleton, firstSlot, legCount, strikesPaise } of layout.chains) {
      const { expiry } = skeleton;
      expect(legCount).toBe(skeleton.strikes.length * 2);
      skeleton.strikes.forEach(({ strikePaise }, index) => {
        const at = (type: string) =>
          layout.slotByKey.get(`NSE:NIFTY:${expiry}:${strikePaise / 100}:${type}`);
        expect(at('CE')).toBe(firstSlot + 2 * index);
        expect(at('PE')).toBe(firstSlot + 2 * index + 1);
        expect(strikesPaise[index]).toBe(strikePaise);
      });
    }
  });

  it('points each chain at its own spot, and at none where there is none', () => {
    expect(layout.chains.map((chain) => chain.spotSlot)).toEqual([0, 0]);
    expect(layOutGeneration([spots[1]], [near]).chains[0]?.spotSlot).toBe(-1);
  });

  it('keeps groups of underlyings and chains apart', () => {
    const groups = [...layout.underlyings, ...layout.chains].map((one) => one.group);
    expect(new Set(groups).size).toBe(groups.length);
    expect(Math.max(...groups)).toBeLessThan(layout.groupCount);
  });
});

describe('defaultUniverse', () => {
  it('is valid data with windows of 100 strikes', () => {
    for (const one of defaultUniverse) {
      expect(universeRuleSchema.parse(one)).toEqual(one);
      expect(one.window.below + 1 + one.window.above).toBe(100);
    }
  });

  it.each([
    ['symbol', { symbol: 'nifty 50' }],
    ['window', { window: { below: -1, above: 2 } }],
    ['expiries', { expiries: { nearest: 1.5, monthlies: 0, quarterlies: 0 } }],
    ['exchange', { exchange: 'NYSE' }],
  ])('refuses a row with a wrong %s', (_field, change) => {
    expect(universeRowSchema.safeParse({ ...row, ...change }).success).toBe(false);
  });
});
