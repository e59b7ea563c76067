import { createSeededRandom, silentLog, type Http } from '@strikewire/runtime';
import { createVirtualClock } from '@strikewire/runtime/virtual';
import { describe, expect, it } from 'vitest';
import { AccountPool } from './account-pool';
import { dataAccounts, type AccountOrder } from './data-account';
import { createDeskBroker } from './testing/desk-broker';

const behaviour = { dead: new Set<string>(), asked: [] };
const brokers = [createDeskBroker(behaviour), createDeskBroker(behaviour, { id: 'other' })];

/** Two accounts of the primary one's broker beside it, and two of another. */
function openPool(): AccountPool {
  const clock = createVirtualClock(0);
  const http = {} as Http;
  const pool = new AccountPool({ clock, random: createSeededRandom(1), http, log: silentLog });
  for (const [index, label] of ['abroad1', 'abroad2', 'home1', 'home2', 'main'].entries()) {
    const plugin = brokers[label.startsWith('abroad') ? 1 : 0]!;
    const credentials = { client: `c${index}`, token: 'token-of-it', segment: 'fo', live: true };
    pool.put({ id: label, label, plugin, credentials, endpoints: plugin.endpoints });
  }
  pool.setPrimary('main');
  return pool;
}

function orderOf(order: readonly string[], scores: Record<string, number> = {}): string[] {
  const wished: AccountOrder = { order, scores: new Map(Object.entries(scores)) };
  return dataAccounts(openPool(), wished).map(({ id }) => id);
}

describe('the order of the accounts', () => {
  it('is by broker and name, the primary one first', () => {
    expect(orderOf([])).toEqual(['main', 'home1', 'home2', 'abroad1', 'abroad2']);
    expect(dataAccounts(openPool()).map(({ id }) => id)).toEqual(orderOf([]));
  });

  it('follows scores within a broker, in steps of ten', () => {
    expect(orderOf([], { main: 0, home1: 85, home2: 91, abroad1: 69, abroad2: 100 })).toEqual([
      'main', 'home2', 'home1', 'abroad2', 'abroad1',
    ]);
    expect(orderOf([], { home1: 81, home2: 89, abroad1: 60, abroad2: 69 })).toEqual(orderOf([]));
  });

  it('is as a person wants it; those not named follow, and the primary one stays first', () => {
    expect(orderOf(['abroad2', 'home2', 'main', 'gone'], { home1: 10 })).toEqual([
      'main', 'abroad2', 'home2', 'home1', 'abroad1',
    ]);
  });

  it('goes on with the next one while the primary one is off, and is empty without any', () => {
    const pool = openPool();
    pool.remove('main');
    const ids = (order: string[]): string[] =>
      dataAccounts(pool, { order, scores: new Map() }).map(({ id }) => id);
    expect(ids(['gone', 'home2'])).toEqual(['home2', 'home1', 'abroad1', 'abroad2']);
    expect(ids([])).toEqual(['abroad1', 'abroad2', 'home1', 'home2']);
    for (const { id } of pool.all()) pool.remove(id);
    expect(ids([])).toEqual([]);
  });
});
