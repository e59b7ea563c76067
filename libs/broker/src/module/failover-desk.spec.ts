import type { Account } from '@strikewire/contracts';
import { byPlatform } from '@strikewire/platform';
import { createVirtualClock } from '@strikewire/runtime/virtual';
import { beforeEach, describe, expect, it } from 'vitest';
import { FailoverDesk } from './failover-desk';

let accounts: Account[];
let desk: FailoverDesk;

const account = (id: string, more: Partial<Account> = {}): Account =>
  ({ id, label: id.toUpperCase(), enabled: true, primary: false, ...more }) as Account;

beforeEach(() => {
  accounts = [account('a', { primary: true }), account('b'), account('c')];
  desk = new FailoverDesk({
    clock: createVirtualClock(0),
    store: { load: () => Promise.resolve(undefined), save: () => Promise.resolve() } as never,
    record: {} as never,
    accounts: { list: () => accounts } as never,
    watched: () => undefined,
    depth: () => [],
    wished: () => undefined,
    judged: () => undefined,
    readiness: () => undefined,
  });
});

const drain = (id: string) => desk.drain(id, true, byPlatform);

describe('the last account in service', () => {
  const words = ' is the last account in service: put another one back first';

  it('is neither drained nor let go', async () => {
    await drain('b');
    await drain('c');
    await expect(drain('a')).rejects.toMatchObject({ kind: 'denied', code: 'failover_last' });
    await expect(drain('a')).rejects.toThrow(`A${words}`);
    expect(() => desk.refuseLast('a')).toThrow(`A${words}`);
  });

  it('is let go when another one is put back, or when it carries nothing itself', async () => {
    expect(() => desk.refuseLast('c')).not.toThrow();
    await drain('b');
    await drain('c');
    expect(() => desk.refuseLast('c')).not.toThrow();
    await desk.drain('b', false, byPlatform);
    await drain('a');
    expect(() => desk.refuseLast('b')).toThrow(`B${words}`);
    accounts = [account('a', { enabled: false, primary: true }), account('b', { enabled: false })];
    expect(() => desk.refuseLast('a')).not.toThrow();
    expect(() => desk.refuseLast('unknown')).not.toThrow();
  });
});

describe('the primary account', () => {
  it('may be let go while there are others: the next one stands in its place', () => {
    expect(() => desk.refuseLast('a')).not.toThrow();
  });
});
