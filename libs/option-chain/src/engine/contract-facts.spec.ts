import { describe, expect, it } from 'vitest';
import { layOutGeneration } from '../core/generation-layout';
import { contractOf, heldFacts, legFacts } from './contract-facts';
import { benchSkeleton } from './testing/chain-bench';

const skeleton = benchSkeleton('2026-11-24', 2);
const future = 'NSE:NIFTY:2026-11-24:FUT';

describe('facts of contracts', () => {
  it('are read from the key: options and futures, and nothing else', () => {
    expect(contractOf('NSE:NIFTY:2026-11-24:24500.5:PE')).toEqual({
      exchange: 'NSE', symbol: 'NIFTY', expiry: '2026-11-24', kind: 'PE', strikePaise: 2_450_050,
    });
    expect(contractOf(future)).toMatchObject({ kind: 'FUT', strikePaise: 0 });
    for (const none of ['NSE:NIFTY', '', 'NSE:NIFTY:2026-02-30:FUT', `${future}:1`]) {
      expect(contractOf(none)).toBeUndefined();
    }
  });

  it('of a stored chain without tick and freeze are the usual tick, and no freeze', () => {
    const [chain] = layOutGeneration([], [skeleton]).chains;
    expect(legFacts(chain!, 1, 'index')).toEqual({
      key: 'NSE:NIFTY:2026-11-24:100:PE', exchange: 'NSE', underlying: 'NIFTY',
      underlyingKind: 'index', expiry: '2026-11-24', kind: 'PE', strikePaise: 10_000,
      symbol: 'S-24-1', lotSize: 65, tickPaise: 5, freezeQuantity: null,
    });
    const [told] = layOutGeneration([], [{ ...skeleton, tickPaise: 10, freezeQuantity: 1_756 }])
      .chains;
    expect(legFacts(told!, 0, 'index')).toMatchObject({ tickPaise: 10, freezeQuantity: 1_756 });
    expect(legFacts(told!, 4, 'index')).toBeUndefined();
  });

  it('of a held contract are its own, else its chain\'s, and never a guess', () => {
    const known = { underlyingKind: 'index', info: undefined, alike: skeleton } as const;
    const info = {
      token: { segment: 'O', id: '7' }, symbol: 'NIFTY-FUT', lotSize: 50, tickPaise: 10,
      freezeQuantity: 900,
    };
    expect(heldFacts(future, { ...known, info })).toMatchObject({
      symbol: 'NIFTY-FUT', lotSize: 50, tickPaise: 10, freezeQuantity: 900, kind: 'FUT',
    });
    expect(heldFacts(future, known)).toMatchObject({
      symbol: future, lotSize: 65, tickPaise: 5, freezeQuantity: null,
    });
    expect(heldFacts(future, { ...known, alike: undefined })).toBeUndefined();
  });
});
