import { instrumentsSchema } from '@strikewire/contracts';
import { createVirtualClock } from '@strikewire/runtime/virtual';
import { describe, expect, it } from 'vitest';
import { InstrumentsCache, instrumentsJson } from './instruments-json';
import { benchSkeleton } from './testing/chain-bench';

const skeleton = benchSkeleton('2026-11-24', 2);
const found = { tickPaise: 5, freezeQuantity: 1_755 };

describe('the contracts of a chain', () => {
  it('are all of its legs, call before put', () => {
    const { instruments } = instrumentsSchema.parse(instrumentsJson(skeleton, found));
    expect(instruments.map(({ token, strike, type }) => [token, strike, type])).toEqual([
      ['24000', 100, 'CE'], ['24001', 100, 'PE'], ['24002', 110, 'CE'], ['24003', 110, 'PE'],
    ]);
    expect(instruments[3]).toEqual({
      token: '24003', segment: 'O', key: 'NSE:NIFTY:2026-11-24:110:PE', symbol: 'S-24-3',
      strike: 110, type: 'PE', lotSize: 65, tickSize: 0.05, freezeQuantity: 1_755,
    });
    const unknown = instrumentsJson(skeleton, { tickPaise: null, freezeQuantity: null });
    expect(unknown.instruments[0]).toMatchObject({ tickSize: null, freezeQuantity: null });
  });

  it('are the same bytes until the skeleton or what is known of it changes', () => {
    const cache = new InstrumentsCache('run', createVirtualClock(0));
    const first = cache.read(skeleton);
    expect(cache.read(skeleton)).toBe(first);
    const known = cache.read(skeleton, found);
    const rebuilt = cache.read({ ...skeleton }, found);
    expect(new Set([first, known, rebuilt].map(({ etag }) => etag)).size).toBe(3);
    expect(rebuilt.body).toEqual(known.body);
  });

  it('have the same tag when they are encoded again, a long time after', async () => {
    const clock = createVirtualClock(0);
    const cache = new InstrumentsCache('run', clock);
    const first = cache.read(skeleton, found);
    await clock.advance(60_000);
    const again = cache.read(skeleton, found);
    expect(again).not.toBe(first);
    expect(again).toEqual(first);
  });
});
