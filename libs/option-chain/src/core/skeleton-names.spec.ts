import { describe, expect, it } from 'vitest';
import { benchSkeleton } from '../engine/testing/chain-bench';
import { renameSkeleton } from './skeleton-names';

const skeleton = benchSkeleton('2026-11-24', 3);
const tokenOf = (key: string) => ({ segment: 'Y', id: key.split(':').slice(3).join(' ') });

describe('renameSkeleton', () => {
  it('changes tokens and whose they are, and nothing else', () => {
    const renamed = renameSkeleton(skeleton, 'other', tokenOf);
    expect(renamed?.strikes.map(({ CE, PE }) => [CE.token.id, PE.token.id])).toEqual([
      ['100 CE', '100 PE'], ['110 CE', '110 PE'], ['120 CE', '120 PE'],
    ]);
    const back = renamed?.strikes.map((strike, index) => {
      const { CE, PE } = skeleton.strikes[index]!;
      return {
        ...strike,
        CE: { ...strike.CE, token: CE.token },
        PE: { ...strike.PE, token: PE.token },
      };
    });
    expect({ ...renamed, broker: 'test', strikes: back }).toEqual(skeleton);
    expect(renamed?.broker).toBe('other');
  });

  it('is not begun when one name is missing', () => {
    const last = 'NSE:NIFTY:2026-11-24:120:PE';
    const known = (key: string) => (key === last ? undefined : tokenOf(key));
    expect(renameSkeleton(skeleton, 'other', known)).toBeUndefined();
  });
});
