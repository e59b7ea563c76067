import { describe, expect, it } from 'vitest';
import { defaultUniverse } from '../core/universe';
import {
  builtSkeletons,
  emptyPlan,
  plannedSpots,
  resumeDay,
  settleUnderlying,
} from './day-plan';
import { benchSkeleton } from './testing/chain-bench';
import { resolved } from './testing/resolved';

const days = ['2026-11-24', '2026-12-01', '2026-12-29'];

/** A plan whose first underlying has chains in these states. */
function planOf(states: readonly ('pending' | 'built' | 'not_built')[]) {
  const plan = emptyPlan(resolved(defaultUniverse, ['BANKNIFTY']), {
    tradingDayOf: () => '2026-11-24',
  });
  const [first] = plan.underlyings;
  if (!first) throw new Error('no underlying');
  first.chains = states.map((state, index) => ({
    expiry: days[index]!,
    class: 'weekly',
    state,
    reason: state === 'not_built' ? 'it failed' : null,
    skeleton: state === 'built' ? benchSkeleton(days[index]!, 3) : null,
    answer: null,
    held: null,
  }));
  return { plan, first };
}

describe('the day\'s plan', () => {
  it('says at once which underlyings the broker does not know', () => {
    const { plan } = planOf([]);
    expect(plan.underlyings.map(({ state }) => state)).toEqual(['pending', 'not_built', 'pending']);
    expect(plan.underlyings[1]?.reason).toMatch(/does not list/);
    expect(plannedSpots(plan).map(({ symbol }) => symbol)).toEqual(['NIFTY', 'SENSEX']);
  });

  it.each([
    [['built', 'built'], 'built', null],
    [['built', 'pending'], 'built', null],
    [['pending', 'pending'], 'pending', null],
    [['built', 'not_built'], 'built', /^1 of 2 chains .*2026-12-01: it failed/],
    [['not_built', 'pending'], 'pending', /^1 of 2/],
    [['not_built', 'not_built'], 'not_built', /^2 of 2 .*2026-11-24: it failed/],
  ] as const)('settles %o as %s', (states, state, reason) => {
    const { first } = planOf(states);
    settleUnderlying(first);
    expect(first.state).toBe(state);
    if (reason === null) expect(first.reason).toBeNull();
    else expect(first.reason).toMatch(reason);
  });

  it('keeps chains of an underlying that the broker of now does not list', () => {
    const { plan: before, first } = planOf(['built']);
    first.listed = [{ expiry: days[0]!, class: 'weekly' }];
    const { plan } = planOf([]);
    plan.underlyings[0]!.broker = null;
    resumeDay(plan, before, '2026-11-24');
    const [now] = plan.underlyings;
    expect([now?.state, now?.reason, now?.broker]).toEqual(['built', null, first.broker]);
    expect(now?.chains.map(({ skeleton }) => skeleton)).toEqual([first.chains[0]?.skeleton]);
  });

  it('does not settle what has no chains yet, and keeps the order of what is built', () => {
    const { plan, first } = planOf([]);
    first.reason = 'as it was';
    settleUnderlying(first);
    expect(first.reason).toBe('as it was');
    const built = planOf(['built', 'not_built', 'built']).plan;
    expect(builtSkeletons(built).map(({ expiry }) => expiry)).toEqual([days[0], days[2]]);
    expect(builtSkeletons(plan)).toEqual([]);
  });
});
