import { QuoteStore } from '@strikewire/market-data';
import { createSeededRandom, silentLog } from '@strikewire/runtime';
import { createVirtualClock } from '@strikewire/runtime/virtual';
import { describe, expect, it } from 'vitest';
import type { BrokerInstance } from '../core/plugin';
import { ConnectionBudget } from './connection-budget';
import { FeedPool, type PooledAccount } from './feed-pool';
import { benchLimits, targetsOf } from './testing/feed-bench';
import { ScriptedBroker, scriptedProtocol } from './testing/scripted-broker';

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

/** Accounts a, b, c of brokers of their own, so that each one's subscriptions can be seen. */
function createPoolBench() {
  const clock = createVirtualClock(Date.parse('2026-11-24T04:30:00Z'));
  const brokers = new Map(['a', 'b', 'c'].map((id) => [id, new ScriptedBroker(clock)]));
  const redealt: number[][] = [];
  const pool = new FeedPool({
    clock,
    random: createSeededRandom(1),
    log: silentLog,
    openSocket: (url, options, handlers) =>
      brokers.get(url.at(-1)!)!.openSocket('ws://broker.test/', options, handlers),
    isMarketOpen: () => true,
    onRedealt: (sockets) => void redealt.push([...sockets]),
  });
  const account = (id: string): PooledAccount => {
    const feed = { ...scriptedProtocol(), url: () => `ws://broker.test/${id}` };
    const instance = { feed, check: async () => ({}) } as unknown as BrokerInstance;
    const connections = new ConnectionBudget(clock, benchLimits);
    return { id, label: id.toUpperCase(), instance, connections, limits: benchLimits };
  };
  const accounts = { a: account('a'), b: account('b'), c: account('c') };
  const store = new QuoteStore({
    capacity: 64, groupCount: 0, tickDepth: 0, baseWallMs: clock.wallMs(),
  });
  const at = (id: string): number[] => brokers.get(id)!.subscribed();
  return { clock, brokers, pool, accounts, store, at, redealt };
}

describe('FeedPool', () => {
  it('fills accounts in order, names what fits nowhere, knows whose a socket is', async () => {
    const { clock, pool, accounts, store, at } = createPoolBench();
    pool.setAccounts([accounts.a, accounts.b]);
    const left = pool.setTargets(targetsOf(range(1, 26)), store);
    await clock.advance(1_000);
    expect([at('a'), at('b')]).toEqual([range(1, 12), range(13, 24)]);
    expect(left.map(({ token }) => token.id)).toEqual(['25', '26']);
    const socket = pool.socketOf({ segment: 'X', id: '13' })!;
    expect(pool.accountOf(socket)?.label).toBe('B');
    expect(pool.isSocketLive(socket)).toBe(true);
    expect(pool.sockets().map(({ account }) => account)).toEqual([...'AAAABBBB']);
    expect(pool.loads().map(({ planned, capacity }) => [planned, capacity])).toEqual([
      [12, 12], [12, 12],
    ]);
  });

  it('moves what a lost account carried as far as there is room, and nothing else', async () => {
    const { clock, pool, accounts, store, at } = createPoolBench();
    pool.setAccounts([accounts.a, accounts.b]);
    pool.setTargets(targetsOf(range(1, 18)), store);
    await clock.advance(1_000);
    const missed = pool.setAccounts([accounts.b]);
    await clock.advance(1_000);
    expect([at('a'), at('b')]).toEqual([[], range(1, 12)]);
    expect(pool.unplaced().map(({ token }) => token.id)).toEqual(range(13, 18).map(String));
    expect(missed.every((socket) => pool.accountOf(socket)?.id === 'b')).toBe(true);
    pool.setAccounts([accounts.b, accounts.c]);
    await clock.advance(1_000);
    expect([at('b'), at('c')]).toEqual([range(1, 12), range(13, 18)]);
  });

  it('takes another first account for a wish', async () => {
    const { clock, pool, accounts, store, at } = createPoolBench();
    pool.setAccounts([accounts.a, accounts.b]);
    pool.setTargets(targetsOf(range(1, 14)), store);
    await clock.advance(1_000);
    pool.setAccounts([accounts.b, accounts.a]);
    await clock.advance(1_000);
    expect([at('b'), at('a')]).toEqual([range(1, 12), [13, 14]]);
  });

  it('lets no packet of the account before write once a contract has moved', async () => {
    const { clock, brokers, pool, accounts, store } = createPoolBench();
    pool.setAccounts([accounts.a]);
    pool.setTargets(targetsOf([1, 2]), store);
    await clock.advance(1_000);
    brokers.get('a')!.tick(10_000);
    await clock.advance(100);
    expect(store.ltpPaise[0]).toBe(10_000);
    pool.setAccounts([accounts.b, accounts.a]);
    brokers.get('a')!.tick(11_111);
    await clock.advance(100);
    expect(store.ltpPaise[0]).toBe(10_000);
    brokers.get('b')!.tick(12_000);
    await clock.advance(100);
    expect(store.ltpPaise[0]).toBe(12_000);
    expect(pool.counters().applied).toBeGreaterThanOrEqual(4);
  });

  it('goes on counting what an account that is gone has applied', async () => {
    const { clock, brokers, pool, accounts, store } = createPoolBench();
    pool.setAccounts([accounts.a]);
    pool.setTargets(targetsOf([1]), store);
    await clock.advance(1_000);
    brokers.get('a')!.tick(10_000);
    await clock.advance(100);
    pool.setAccounts([]);
    expect([pool.counters().applied, pool.isParked(), pool.sockets()]).toEqual([1, true, []]);
  });

  it('gives what a refused account carried to the others, until it is let in again', async () => {
    const { clock, brokers, pool, accounts, store, at, redealt } = createPoolBench();
    pool.setAccounts([accounts.a, accounts.b]);
    pool.setTargets(targetsOf(range(1, 14)), store);
    await clock.advance(1_000);
    expect([at('a'), at('b')]).toEqual([range(1, 12), [13, 14]]);
    brokers.get('b')!.endAll('auth');
    await clock.advance(1_000);
    expect(pool.parked().map(({ account }) => account)).toEqual(['B']);
    expect(pool.unplaced().map(({ token }) => token.id)).toEqual(['13', '14']);
    expect([at('a'), at('b')]).toEqual([range(1, 12), []]);
    // The slow check lets it in again.
    await clock.advance(301_000);
    expect([at('a'), at('b')]).toEqual([range(1, 12), [13, 14]]);
    expect(redealt.at(-1)).toEqual([pool.socketOf({ segment: 'X', id: '13' })]);
  });
});
