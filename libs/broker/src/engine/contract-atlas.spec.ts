import { silentLog } from '@strikewire/runtime';
import { createVirtualClock } from '@strikewire/runtime/virtual';
import { describe, expect, it } from 'vitest';
import type { InstrumentToken, ListedUnderlying } from '../core/market-data-port';
import { ContractAtlas } from './contract-atlas';

const nifty: ListedUnderlying = {
  exchange: 'NSE', symbol: 'NIFTY', kind: 'index',
  spot: { segment: 'I', id: 'Nifty 50' }, chain: { segment: 'I', id: 'Nifty 50' },
};
const call = 'NSE:NIFTY:2026-11-24:24500:CE';
const put = 'NSE:NIFTY:2026-11-24:24500:PE';

function createBench() {
  const clock = createVirtualClock(0);
  const known = new Map<string, InstrumentToken>([[call, { segment: 'F', id: '1' }]]);
  const asked: string[][] = [];
  const broker = { isDown: false, listed: [nifty] };
  const at = {
    broker: 'other',
    marketData: {
      underlyings: async () => broker.listed,
      resolve: async (keys: readonly string[]) => {
        if (broker.isDown) throw new Error('down');
        asked.push([...keys]);
        return new Map(keys.flatMap((key) => {
          const token = known.get(key);
          return token ? [[key, token] as const] : [];
        }));
      },
    },
  };
  const atlas = new ContractAtlas({ clock, log: silentLog });
  return { clock, known, asked, broker, at, atlas };
}

describe('ContractAtlas', () => {
  it('knows contracts and underlyings by what the broker calls them', async () => {
    const { atlas, at } = createBench();
    expect(atlas.tokenOf('other', call)).toBeUndefined();
    expect(await atlas.prepare(at, ['NSE:NIFTY', call, put])).toBe(true);
    expect(atlas.tokenOf('other', call)).toEqual({ segment: 'F', id: '1' });
    expect(atlas.tokenOf('other', 'NSE:NIFTY')).toEqual(nifty.spot);
    expect(atlas.listedAt('other', { exchange: 'NSE', symbol: 'NIFTY' })).toEqual(nifty);
    expect(atlas.tokenOf('other', put)).toBeUndefined();
  });

  it('asks only for what it does not know, and for what was missing an hour later', async () => {
    const { atlas, at, asked, clock, known } = createBench();
    await atlas.prepare(at, [call, put]);
    expect(await atlas.prepare(at, [call, put])).toBe(false);
    known.set(put, { segment: 'F', id: '2' });
    await clock.advance(3_600_001);
    expect(await atlas.prepare(at, [call, put])).toBe(true);
    expect(asked).toEqual([[call, put], [put]]);
    expect(atlas.tokenOf('other', put)).toEqual({ segment: 'F', id: '2' });
  });

  it('reads spots anew on another day, and again after a failure', async () => {
    const { atlas, at, broker, clock } = createBench();
    await atlas.prepare(at, ['NSE:NIFTY', call]);
    const next = { segment: 'I', id: 'next' };
    broker.listed = [{ ...nifty, spot: next }];
    expect(await atlas.prepare(at, ['NSE:NIFTY', call])).toBe(false);
    await clock.advance(86_400_000);
    broker.isDown = true;
    expect(await atlas.prepare(at, ['NSE:NIFTY', call])).toBe(false);
    broker.isDown = false;
    await clock.advance(60_000);
    expect(await atlas.prepare(at, ['NSE:NIFTY', call])).toBe(true);
    expect(atlas.tokenOf('other', 'NSE:NIFTY')).toEqual(next);
    expect(await atlas.prepare(at, ['NSE:NIFTY', call])).toBe(false);
  });

  it('is asked once by whoever asks at the same time', async () => {
    const { atlas, at, asked } = createBench();
    await Promise.all([atlas.prepare(at, [call]), atlas.prepare(at, [call])]);
    expect(asked).toHaveLength(1);
  });

  it('keeps what it knows when a reading fails, and tries again after a minute', async () => {
    const { atlas, at, broker, clock } = createBench();
    await atlas.prepare(at, [call]);
    broker.isDown = true;
    expect(await atlas.prepare(at, [call, put])).toBe(false);
    expect(atlas.tokenOf('other', call)).toEqual({ segment: 'F', id: '1' });
    broker.isDown = false;
    expect(await atlas.prepare(at, [put])).toBe(false);
    await clock.advance(60_000);
    expect(await atlas.prepare(at, [put])).toBe(true);
  });
});
