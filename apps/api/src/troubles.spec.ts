import type { Account, Health, PlatformStatus } from '@strikewire/contracts';
import { describe, expect, it } from 'vitest';
import { newsOf, troublesOf, type Trouble } from './troubles';

const now = Date.parse('2026-11-24T12:00:00+05:30');

const account = (more: Partial<Account> = {}): Account => ({
  id: 'a',
  broker: 'b',
  brokerLabel: 'B',
  label: 'B one',
  enabled: true,
  primary: true,
  credentials: {},
  traders: [],
  state: 'in_use',
  stateReason: null,
  tokenExpiresAt: null,
  lastCheck: null,
  budget: [],
  createdAt: '',
  updatedAt: '',
  ...more,
});
const health = (checks: Record<string, boolean> = {}): Health => ({
  status: 'ok',
  version: '0',
  uptimeMs: 0,
  checks: Object.fromEntries(Object.entries(checks).map(([name, ok]) => [name, { ok }])),
});
const status = (state = 'live', open = true): PlatformStatus =>
  ({
    market: { open, calendar: '', now: '' },
    feed: { state },
    source: { broker: 'b', account: 'B one' },
  }) as PlatformStatus;

const troubles = (parts: Partial<Parameters<typeof troublesOf>[0]> = {}): Trouble[] =>
  troublesOf({ accounts: [account()], health: health(), status: status(), ...parts }, now);
const kinds = (parts: Partial<Parameters<typeof troublesOf>[0]>): string[] =>
  troubles(parts).map(({ kind, severity }) => `${kind} ${severity}`);
const endsIn = (minutes: number): string =>
  new Date(now + minutes * 60_000).toISOString().replace('Z', '+00:00');

describe('troublesOf', () => {
  it('finds none where all is well', () => {
    expect(troubles()).toEqual([]);
  });

  it.each([
    ['the primary account is parked', { accounts: [account({ state: 'parked' })] },
      ['account.parked critical']],
    ['another one is', { accounts: [account({ state: 'parked', primary: false })] },
      ['account.parked warning']],
    ['a token ends within the hour', { accounts: [account({ tokenExpiresAt: endsIn(59) })] },
      ['account.token_expiring warning']],
    ['a token ends later, but before the close', {
      accounts: [account({ tokenExpiresAt: endsIn(200) })], closeMs: now + 201 * 60_000,
    }, ['account.token_expiring warning']],
    ['a token ends after the close', {
      accounts: [account({ tokenExpiresAt: endsIn(200) })], closeMs: now + 199 * 60_000,
    }, []],
    ['a token that is had anew ends before the close', {
      accounts: [account({ tokenExpiresAt: endsIn(31) })],
      closeMs: now + 200 * 60_000,
      renewable: new Set(['a']),
    }, []],
    ['a token should have been had anew by now', {
      accounts: [account({ tokenExpiresAt: endsIn(29) })], renewable: new Set(['a']),
    }, ['account.token_expiring warning']],
    ['a token ends later', { accounts: [account({ tokenExpiresAt: endsIn(61) })] }, []],
    ['the token of an account that is off ends',
      { accounts: [account({ state: 'off', tokenExpiresAt: endsIn(1) })] }, []],
    ['the database is away', { health: health({ database: false, redis: true }) },
      ['database.lost critical']],
    ['Redis is away', { health: health({ database: true, redis: false }) }, ['redis.lost warning']],
    ['the feed is down', { status: status('down') }, ['feed.lost critical']],
    ['the feed is silent', { status: status('silent') }, ['feed.lost critical']],
    ['the feed is down while nothing trades', { status: status('down', false) }, []],
    ['the feed rests', { status: status('closed', false) }, []],
    ['the feed rests while something trades', { status: status('closed') }, []],
  ])('when %s', (_what, parts, expected) => {
    expect(kinds(parts)).toEqual(expected);
  });
});

describe('newsOf', () => {
  const [parked] = troubles({ accounts: [account({ state: 'parked', stateReason: 'No.' })] });
  const [soon] = troubles({ accounts: [account({ tokenExpiresAt: endsIn(5) })] });

  it('tells a trouble once, and that it is over', () => {
    expect(newsOf([], [parked!])).toMatchObject([
      { kind: 'account.parked', severity: 'critical', title: 'B one is parked' },
    ]);
    expect(newsOf([parked!], [parked!])).toEqual([]);
    expect(newsOf([parked!], [])).toMatchObject([
      { kind: 'account.parked.over', severity: 'info', title: 'B one works again' },
    ]);
  });

  it('says nothing when a token was replaced, and tells of the next one', () => {
    expect(newsOf([soon!], [])).toEqual([]);
    const [next] = troubles({ accounts: [account({ tokenExpiresAt: endsIn(6) })] });
    expect(newsOf([soon!], [next!])).toHaveLength(1);
  });
});
