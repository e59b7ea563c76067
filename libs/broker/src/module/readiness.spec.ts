import type { Account } from '@strikewire/contracts';
import { describe, expect, it } from 'vitest';
import { readinessOf, type AccountToken, type ReadinessFacts, type TokenLife } from './readiness';

const nowMs = Date.parse('2026-11-24T08:30:00+05:30');
const hourMs = 3_600_000;
const check = { ok: true, at: '2026-11-24T08:25:00.000+05:30', message: 'Fine.' };

function one(more: Partial<Account> = {}, token: Partial<TokenLife> = {}): AccountToken {
  const account = {
    id: 'a',
    label: 'One',
    broker: 'b',
    enabled: true,
    state: 'in_use',
    stateReason: null,
    lastCheck: { ...check, tokenExpiresAt: null },
    budget: [{ class: 'chain', used: 10, limit: 100, windowMs: 86_400_000, waiting: 0 }],
    ...more,
  } as Account;
  return { account, token: { expiresMs: nowMs + 24 * hourMs, canRenew: false, ...token } };
}

const facts: ReadinessFacts = {
  nextOpenMs: nowMs + 45 * 60_000,
  closeMs: nowMs + 7 * hourMs,
  hours: { name: 'Trading hours', state: 'ok', message: 'known' },
  chains: { built: 0, wanted: 12, nextBuildMs: nowMs + hourMs / 2 },
};

/** The state of each thing, by its name. */
function states(accounts: AccountToken[], known: ReadinessFacts | undefined = facts) {
  const { items } = readinessOf(accounts, known, nowMs);
  return Object.fromEntries(items.map(({ name, state }) => [name, state]));
}

const messages = (accounts: AccountToken[]): string =>
  readinessOf(accounts, facts, nowMs).items.map(({ message }) => message).join('\n');

describe('readiness', () => {
  it('names the next open, and everything that has to be right', () => {
    const ready = readinessOf([one()], facts, nowMs);
    expect(ready.nextOpen).toBe('2026-11-24T09:15:00.000+05:30');
    expect(states([one()])).toEqual({
      'Token of One': 'ok',
      'Connection of One': 'ok',
      'Requests left of One': 'ok',
      'Trading hours': 'ok',
      Chains: 'warning',
      Standby: 'warning',
    });
  });

  it.each([
    ['outlives the close', {}, 'ok'],
    ['ends before it', { expiresMs: nowMs + 6 * hourMs }, 'warning'],
    ['ends before it and is had anew', { expiresMs: nowMs + hourMs, canRenew: true }, 'ok'],
    ['has ended', { expiresMs: nowMs }, 'failed'],
    ['tells no end', { expiresMs: null }, 'ok'],
  ])('says of a token that it %s', (_what, token, state) => {
    expect(states([one({}, token)])['Token of One']).toBe(state);
  });

  it.each([
    ['was not tested', { lastCheck: null }, 'warning'],
    ['was tested long ago',
      { lastCheck: { ...check, at: '2026-11-24T07:00:00+05:30', tokenExpiresAt: null } },
      'warning'],
    ['failed', { lastCheck: { ...check, ok: false, tokenExpiresAt: null } }, 'failed'],
    ['is parked', { state: 'parked' as const, stateReason: 'refused' }, 'failed'],
    ['has no plugin', { state: 'off' as const, stateReason: 'no plugin' }, 'failed'],
    ['may not trade', { stateReason: 'trading is refused' }, 'warning'],
  ])('says of a connection that it %s', (_what, more, state) => {
    expect(states([one(more)])['Connection of One']).toBe(state);
  });

  it('says what is left of the fullest long limit', () => {
    const budget = [
      { class: 'quote', used: 1, limit: 1, windowMs: 1_000, waiting: 0 },
      { class: 'chain', used: 90, limit: 100, windowMs: 86_400_000, waiting: 0 },
    ];
    expect(states([one({ budget })])['Requests left of One']).toBe('warning');
    expect(messages([one({ budget })])).toContain('10 of 100 are left in 86400 s (chain)');
  });

  it('wants a second account, and then a second broker; what is off or parked is none', () => {
    const other = (more: Partial<Account>): AccountToken => one({ id: 'c', label: 'Two', ...more });
    const standby = (...accounts: AccountToken[]): unknown => states(accounts)['Standby'];
    expect(standby()).toBe('failed');
    expect(standby(one(), other({}))).toBe('warning');
    expect(messages([one(), other({})])).toContain('no second broker is there');
    expect(standby(one(), other({ broker: 'c' }))).toBe('ok');
    expect(standby(one(), other({ broker: 'c', state: 'parked' }))).toBe('warning');
    expect(standby(one(), other({ broker: 'c', enabled: false }))).toBe('warning');
    expect(standby(one(), other({ broker: 'c', state: 'off' }))).toBe('warning');
  });

  it('says whether chains are built, or will be', () => {
    const chains = (built: number, nextBuildMs: number | null): unknown =>
      states([one()], { ...facts, chains: { built, wanted: 12, nextBuildMs } })['Chains'];
    expect([chains(12, null), chains(3, null), chains(0, null), chains(0, nowMs)]).toEqual([
      'ok', 'warning', 'failed', 'warning',
    ]);
    const early = readinessOf([one()], undefined, nowMs);
    expect(early.nextOpen).toBeNull();
  });
});
