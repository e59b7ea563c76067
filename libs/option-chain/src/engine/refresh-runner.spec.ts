import type { BrokerInstance, ListedUnderlying, RateRule } from '@strikewire/broker';
import { createRateBudget, type DataAccount } from '@strikewire/broker/engine';
import { silentLog, StrikewireError } from '@strikewire/runtime';
import { createVirtualClock } from '@strikewire/runtime/virtual';
import { describe, expect, it } from 'vitest';
import type { BuildShare } from '../core/refresh/refresh-state';
import { RefreshRunner, type RefreshTarget } from './refresh-runner';

const nifty: ListedUnderlying = {
  exchange: 'NSE', symbol: 'NIFTY', kind: 'index',
  spot: { segment: 'I', id: '13' }, chain: { segment: 'I', id: '13' },
};
const target = (expiry: string | null, order = 0): RefreshTarget =>
  ({ listed: nifty, expiry, order });
const rule = (name: string, windowMs = 1_000): RateRule => ({ class: name, limit: 1, windowMs });

/** Accounts of brokers that answer with `answer`; what is asked of each, and what is told. */
function createBench(
  rules: Readonly<Record<string, readonly RateRule[]>>,
  answer: (id: string) => Promise<string[]> = async () => ['2026-11-24'],
  builds: Readonly<Record<string, BuildShare>> = {},
) {
  const clock = createVirtualClock(0);
  const asked: string[] = [];
  const told: string[] = [];
  const account = (id: string, rest: readonly RateRule[]) => {
    const marketData = {
      expiries: (listed: ListedUnderlying) => {
        asked.push(`${id} ${clock.monoMs()} ${listed.chain.segment}`);
        return answer(id);
      },
      chain: async (listed: ListedUnderlying, expiry: string) => {
        asked.push(`${id} ${clock.monoMs()} ${listed.chain.segment} ${expiry}`);
        return { spotPaise: null, strikes: [], sentMonoMs: 0, receivedMs: 0 };
      },
    };
    return {
      id, label: id, broker: `of ${id}`, limits: { rest, feed: {} }, exchanges: ['NSE'],
      instance: { marketData } as unknown as BrokerInstance,
      budget: createRateBudget(clock, rest), connections: {},
      ...(builds[id] && { builds: builds[id] }),
    } as unknown as DataAccount;
  };
  const accounts = Object.entries(rules).map(([id, rest]) => account(id, rest));
  const runner = new RefreshRunner({
    clock,
    log: silentLog,
    accounts: () => accounts,
    isFresh: () => false,
    answered: (key, { broker }) => void told.push(`${key} by ${broker}`),
    nameAt: async ({ id }, listed) => ({ ...listed, chain: { segment: `${id}-I`, id: '13' } }),
    reported: (id, outcome, { endpoint, restClass }) =>
      void told.push(`${id} ${outcome} ${endpoint} ${restClass}`),
  });
  runner.accountsChanged();
  return { clock, runner, asked, told };
}

describe('RefreshRunner', () => {
  it('asks each account by its own broker\'s names, and tells whose an answer is', async () => {
    const { runner, clock, asked, told } = createBench({ a: [rule('chain')] });
    const [list, chain] = [
      runner.expiries(target(null), 'build'), runner.chain(target('2026-11-24', 1), 'build'),
    ];
    await clock.advance(5_000);
    expect(await list).toEqual({ broker: 'of a', expiries: ['2026-11-24'] });
    expect((await chain).broker).toBe('of a');
    expect(asked).toEqual(['a 0 a-I', 'a 1000 a-I 2026-11-24']);
    expect(told).toContain('NSE:NIFTY:2026-11-24 by of a');
    runner.stop();
  });

  it('keeps the pace of the class that the broker counts chains under', async () => {
    const { runner, clock, asked, told } = createBench({
      a: [rule('api', 4_000), rule('account', 60_000)],
    });
    const chains = ['2026-11-24', '2026-12-01', '2026-12-08'].map((expiry, order) =>
      runner.chain(target(expiry, order), 'build'));
    await clock.advance(20_000);
    await Promise.all(chains);
    expect(asked.map((one) => Number(one.split(' ')[1]))).toEqual([0, 4_000, 8_000]);
    expect(told).toContain('a answered chain api');
    runner.stop();
  });

  it('tells nothing against an account that says that there is no such expiry', async () => {
    const failing = (kind: 'not_found' | 'retryable') => () =>
      Promise.reject(new StrikewireError({ kind, code: 'x', message: `it is ${kind}` }));
    for (const [kind, wanted] of [
      ['not_found', []], ['retryable', ['a failed expiries chain']],
    ] as const) {
      const { runner, clock, told } = createBench({ a: [rule('chain')] }, failing(kind));
      const list = runner.expiries(target(null), 'build');
      list.catch(() => undefined);
      await clock.advance(1_000);
      await expect(list).rejects.toThrow(kind);
      expect(told).toEqual(wanted);
      runner.stop();
    }
  });

  it('asks for what is not built where it is to be built, and for all else elsewhere', async () => {
    const { runner, clock, asked } = createBench(
      { a: [rule('chain')], b: [rule('chain')] }, undefined, { a: 'only', b: 'never' },
    );
    runner.fill([target('2026-12-01', 1)]);
    const chain = runner.chain(target('2026-11-24'), 'build');
    await clock.advance(5_000);
    await chain;
    expect(asked.map((one) => one.replace(/ \d+ /, ' '))).toEqual([
      'b b-I 2026-12-01', 'a a-I 2026-11-24',
    ]);
    runner.stop();
  });

  it('is idle when nobody may be asked for what is left', async () => {
    const { runner, clock } = createBench({ b: [rule('chain')] }, undefined, { b: 'never' });
    const chain = runner.chain(target('2026-11-24'), 'build');
    chain.catch(() => undefined);
    let isIdle = false;
    void runner.idle().then(() => (isIdle = true));
    await clock.advance(1_000);
    expect(isIdle).toBe(true);
    runner.stop();
  });
});
