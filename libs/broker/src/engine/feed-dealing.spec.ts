import { describe, expect, it } from 'vitest';
import { firstFor, type PooledAccount } from './feed-dealing';
import type { FeedTarget } from './feed-types';

const account = {} as PooledAccount;
const targetsOf = (count: number, name: string, mode: FeedTarget['mode']): FeedTarget[] =>
  Array.from({ length: count }, (_, index): FeedTarget => {
    const key = `NSE:${name}${index}`;
    return { key, token: { segment: 'NSE', id: key }, mode, slot: index, exchange: 'NSE' };
  });
const modesOf = (targets: readonly FeedTarget[]): string => {
  const spots = targets.filter(({ mode }) => mode === 'quote').length;
  return `${spots} spots, ${targets.length - spots} others`;
};

describe('what an account observes', () => {
  it.each([
    [220, 5_000, '10 spots, 40 others'],
    [2, 40, '2 spots, 40 others'],
    [5, 5_000, '5 spots, 45 others'],
    [220, 20, '30 spots, 20 others'],
    [220, 0, '50 spots, 0 others'],
  ])('is of %i spots and %i others: %s', (spots, others, observed) => {
    const targets = [...targetsOf(spots, 'S', 'quote'), ...targetsOf(others, 'O', 'full')];
    const first = firstFor(account, targets, 50);
    expect(modesOf(first)).toBe(observed);
    expect(first).toEqual(targets.filter((one) => first.includes(one)));
  });

  it('is only what it has a name for', () => {
    const tokenOf = (key: string) => (key === 'NSE:O3' ? { segment: 'X', id: '3' } : undefined);
    const named = { ...account, tokenOf } as PooledAccount;
    const first = firstFor(named, targetsOf(9, 'O', 'full'), 50);
    expect(first.map(({ key }) => key)).toEqual(['NSE:O3']);
  });
});
