import type { Failover } from '@strikewire/contracts';
import { describe, expect, it } from 'vitest';
import { failoverAccountOf, failoverOf } from '../pages/broker/testing';
import { statusOf } from '../testing';
import { failoverItem, sourceItem } from './failover-item';
import { stripItems } from './strip-items';

const accounts = [
  failoverAccountOf('North A', { standing: 'parked', role: 'resting' }),
  failoverAccountOf('North B', { role: 'carrier' }),
  failoverAccountOf('South C', { role: 'carrier' }),
];
const said = (failover: Failover): string[] => {
  const { tone, lead, text, tail = '', title } = failoverItem(failover);
  return [tone, `${lead} ${text}${tail}`, title];
};

describe('the source in the strip', () => {
  const source = (failover: Failover | null): string[] => {
    const { text, title } = sourceItem(statusOf(), failover);
    return [text, title];
  };

  it('is who carries, and what the status names before that is known', () => {
    expect(source(null)).toEqual(['Demo · main', 'Data come from broker Demo, account main']);
    expect(source(failoverOf({ accounts: [] }))[0]).toBe('Demo · main');
    expect(source(failoverOf({ level: 3, accounts }))).toEqual([
      'North · North B +1',
      'Data come from broker North, account North B; South C of South',
    ]);
    const south = failoverAccountOf('South C', { role: 'carrier', contracts: 9 });
    const loaded = accounts.with(2, south);
    expect(source(failoverOf({ level: 3, accounts: loaded }))[0]).toBe('South · South C');
  });
});

describe('failover in the strip', () => {
  it.each<[string, Partial<Failover>, string[]]>([
    ['as wished', {}, ['good', 'Failover level 0', 'Level 0, as wished: North A carries']],
    ['by hand', { forced: 'north-a' }, [
      'good', 'Failover level 0, by hand', 'Level 0, North A is put first by hand: North A carries',
    ]],
    ['another account', { level: 2, accounts: accounts.slice(0, 2) }, [
      'late', 'Failover level 2: another account', 'Level 2, another account: North B carries',
    ]],
    ['another broker', { level: 3, accounts }, [
      'late', 'Failover level 3: another broker', 'Level 3, another broker: North B, South C carry',
    ]],
    ['nobody', { degraded: true, level: 2 }, [
      'bad', 'Failover degraded: nobody carries',
      'Nobody carries the data: what is served is the cache, marked stale',
    ]],
    ['no account', { accounts: [] }, [
      'late', 'Failover no account', 'No account is in use',
    ]],
  ])('says in a few words: %s', (_what, changes, words) => {
    expect(said(failoverOf(changes))).toEqual(words);
  });

  it('stands before the source, and in the place of chains that are degraded by it', () => {
    const itemsOf = (failover: Failover | null) =>
      stripItems({
        status: statusOf({ phase: 'degraded' }), answerAgeMs: 500, failover,
        connection: { state: 'live', failures: 0, reason: null },
      }).filter(({ isExtra }) => !isExtra).map(({ id }) => id);
    expect(itemsOf(null)).toEqual(['phase', 'market', 'feed', 'source']);
    expect(itemsOf(failoverOf())).toEqual(['phase', 'market', 'feed', 'failover', 'source']);
    expect(itemsOf(failoverOf({ degraded: true }))).toEqual([
      'market', 'feed', 'failover', 'source',
    ]);
  });
});
