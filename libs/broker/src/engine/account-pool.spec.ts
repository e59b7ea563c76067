import { createSeededRandom, errorCodeOf, silentLog, type Http } from '@strikewire/runtime';
import { createVirtualClock } from '@strikewire/runtime/virtual';
import { describe, expect, it } from 'vitest';
import type { DepthFeed } from '../core/depth-protocol';
import type { AnyBrokerPlugin } from '../core/plugin';
import { AccountPool, type LiveAccount } from './account-pool';
import { dataAccounts } from './data-account';
import { createDeskBroker, type DeskBrokerBehaviour } from './testing/desk-broker';

const http = {} as Http;
/** Of the desk broker's rule; a fresh budget waits so long for what an earlier run has used. */
const windowMs = 1_000;

function createBench() {
  const behaviour: DeskBrokerBehaviour = { dead: new Set(), asked: [] };
  const clock = createVirtualClock(0);
  const pool = new AccountPool({ clock, random: createSeededRandom(1), http, log: silentLog });
  const [desk, other] = ['desk', 'other'].map((id) => createDeskBroker(behaviour, { id }));
  const setup = (id: string, client: string, token = 'a-token-1', plugin = desk!) => ({
    id, label: id, plugin, endpoints: plugin.endpoints, credentials: { client, token },
  });
  return { behaviour, clock, pool, setup, other: other! };
}

const used = ({ budget }: LiveAccount): number | undefined => budget.use()[0]?.used;

describe('a budget', () => {
  it('stays with the account when its credentials are replaced, also under way', async () => {
    const { pool, setup, clock, behaviour } = createBench();
    const first = pool.put(setup('1', 'c1'));
    await clock.advance(windowMs);
    const checks = [first.instance.check(), first.instance.check(), first.instance.check()];
    const second = pool.put(setup('1', 'c1', 'a-token-2'));
    checks.push(second.instance.check());
    await clock.settle();
    expect(behaviour.asked).toEqual(['a-token-1', 'a-token-1']);
    await clock.advance(windowMs);
    await Promise.all(checks);
    expect(behaviour.asked).toEqual(['a-token-1', 'a-token-1', 'a-token-1', 'a-token-2']);
    expect(second.budget).toBe(first.budget);
  });

  it('stays when the account is taken out and put back, as another entry too', async () => {
    const { pool, setup, clock } = createBench();
    const first = pool.put(setup('1', 'c1'));
    await clock.advance(windowMs);
    await Promise.all([first.instance.check(), first.instance.check()]);
    first.connections.acquire(() => undefined);
    pool.remove('1');
    expect(pool.all()).toEqual([]);
    const again = pool.put(setup('2', 'c1', 'a-token-2'));
    expect([used(again), again.connections.used]).toEqual([2, 1]);
    await clock.advance(windowMs);
    expect(used(again)).toBe(0);
  });

  it('of full books is the broker\'s account\'s own as well, and its sockets count apart', () => {
    const { pool, setup, other } = createBench();
    const limits = { ...other.limits.feed, socketsMax: 1 };
    const plugin: AnyBrokerPlugin = {
      ...other,
      create: (config, deps) => ({
        ...other.create(config, deps), depthFeed: { limits } as DepthFeed,
      }),
    };
    const token = 'a-token-1';
    const first = pool.put(setup('1', 'c1', token, plugin));
    first.depthConnections!.acquire(() => undefined);
    expect([first.connections.used, first.depthConnections?.used]).toEqual([0, 1]);
    const another = pool.put(setup('2', 'c2', token, plugin));
    pool.remove('1');
    // It is not forgotten either while a socket counts.
    for (let index = 10; index < 500; index++) pool.connect(setup('trial', `c${index}`));
    const again = pool.put(setup('3', 'c1', 'a-token-2', plugin));
    expect(again.depthConnections).toBe(first.depthConnections);
    expect(another.depthConnections?.used).toBe(0);
    expect(pool.put(setup('4', 'c1'))).not.toHaveProperty('depthConnections');
    pool.setPrimary('3');
    expect(dataAccounts(pool)[0]?.depthConnections).toBe(first.depthConnections);
  });

  it('is shared by whoever only tries credentials', async () => {
    const { pool, setup, clock } = createBench();
    const trial = pool.connect(setup('trial', 'c1'));
    await clock.advance(windowMs);
    await trial.instance.check();
    expect(pool.get('trial')).toBeUndefined();
    expect(used(pool.put(setup('1', 'c1')))).toBe(1);
  });

  it('is each account\'s own, and each broker\'s', async () => {
    const { pool, setup, other, clock, behaviour } = createBench();
    const accounts = [
      pool.put(setup('1', 'c1')), pool.put(setup('2', 'c2')),
      pool.put(setup('3', 'c1', 'a-token-1', other)),
    ];
    await clock.advance(windowMs);
    const checks = accounts.flatMap(({ instance }) => [instance.check(), instance.check()]);
    await clock.settle();
    await Promise.all(checks);
    expect(behaviour.asked).toHaveLength(6);
    expect(accounts.map(used)).toEqual([2, 2, 2]);
    accounts[0]!.connections.acquire(() => undefined);
    expect(accounts.map(({ connections }) => connections.used)).toEqual([1, 0, 0]);
  });

  it('is forgotten when nobody uses it and room is wanted', () => {
    const { pool, setup } = createBench();
    const kept = pool.put(setup('1', 'c0')).budget;
    for (let index = 0; index < 500; index++) pool.connect(setup('trial', `c${index}`));
    expect(pool.connect(setup('trial', 'c0')).budget).toBe(kept);
  });

  it('is there for two hundred accounts that are used, and for no more', () => {
    const { pool, setup } = createBench();
    for (let index = 0; index < 200; index++) pool.put(setup(`${index}`, `c${index}`));
    let code: string | undefined;
    try {
      pool.connect(setup('trial', 'c200'));
    } catch (thrown) {
      code = errorCodeOf(thrown);
    }
    expect(code).toBe('accounts_full');
    expect(pool.put(setup('1', 'c7')).id).toBe('1');
  });
});

describe('the accounts that may be used', () => {
  it('are the primary one, the others of its broker, then those of others', () => {
    const { pool, setup } = createBench();
    pool.put({ ...setup('1', 'c1'), label: 'Zebra' });
    pool.put({ ...setup('2', 'c2'), label: 'Beta' });
    pool.put({ ...setup('3', 'c3'), label: 'Alpha' });
    pool.setPrimary('1');
    expect(dataAccounts(pool).map(({ label }) => label)).toEqual(['Zebra', 'Alpha', 'Beta']);
    pool.setPrimary('2');
    expect(dataAccounts(pool).map(({ label }) => label)).toEqual(['Beta', 'Alpha', 'Zebra']);
    pool.remove('3');
    expect(dataAccounts(pool).map(({ id }) => id)).toEqual(['2', '1']);
    const other = createDeskBroker({ dead: new Set(), asked: [] }, { id: 'other' });
    pool.put({ ...setup('4', 'c4'), label: 'Aaron', plugin: other });
    expect(dataAccounts(pool).map(({ id }) => id)).toEqual(['2', '1', '4']);
  });

  it('are those that there are, whether one is the primary one or not', () => {
    const { pool, setup } = createBench();
    expect(dataAccounts(pool)).toEqual([]);
    pool.put(setup('1', 'c1'));
    expect(dataAccounts(pool)).toHaveLength(1);
    pool.setPrimary('1');
    expect(dataAccounts(pool)).toHaveLength(1);
    pool.remove('1');
    expect(dataAccounts(pool)).toEqual([]);
  });
});
