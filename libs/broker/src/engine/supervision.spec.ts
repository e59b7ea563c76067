import { QuoteStore } from '@strikewire/market-data';
import { createSeededRandom, silentLog } from '@strikewire/runtime';
import { createVirtualClock } from '@strikewire/runtime/virtual';
import { describe, expect, it } from 'vitest';
import type { BrokerInstance, BrokerLimits } from '../core/plugin';
import { ConnectionBudget } from './connection-budget';
import type { DataAccount } from './data-account';
import { createRateBudget } from './rate-budget';
import { Supervision, type FailoverWishes } from './supervision';
import type { FailoverEvent } from './switch-watch';
import { benchLimits, targetsOf } from './testing/feed-bench';
import { ScriptedBroker, scriptedProtocol } from './testing/scripted-broker';

const limits: BrokerLimits = { rest: [], feed: benchLimits };

const keyOf = (id: string): string => `NSE:N:2026-11-24:${id}:CE`;

/** Accounts a and b of one broker, and x of another; which token each connection came with. */
function createBench() {
  const clock = createVirtualClock(Date.parse('2026-11-24T04:30:00Z'));
  const brokers = new Map(['a', 'b', 'x'].map((id) => [id, new ScriptedBroker(clock)]));
  const tokens: string[] = [];
  const events: FailoverEvent[] = [];
  const renewals: string[] = [];
  const budgets = new Map(
    ['a', 'b', 'x'].map((id) => [id, new ConnectionBudget(clock, benchLimits)]),
  );
  const account = (id: string, token = 'one'): DataAccount => {
    const address = { url: `ws://broker.test/${id}?${token}` };
    const instance = {
      feed: { ...scriptedProtocol(), address: () => address },
      marketData: { underlyings: async () => [], resolve: async (keys: string[]) => new Map(
        keys.map((key) => [key, { segment: 'Y', id: `10${key.split(':')[3]}` }]),
      ) },
      check: () => Promise.reject(new Error('no')),
      auth: { expiresMs: () => null, renew: async () => ({ credentials: {}, expiresMs: null }) },
    } as unknown as BrokerInstance;
    return {
      id, label: id.toUpperCase(), broker: id === 'x' ? 'other' : 'home', instance, limits,
      exchanges: ['NSE'], budget: createRateBudget(clock, []),
      connections: budgets.get(id) as ConnectionBudget,
    };
  };
  const state = {
    accounts: [account('a'), account('b'), account('x')],
    wishes: { forced: null, drained: new Set<string>() } as FailoverWishes,
  };
  const supervision: Supervision = new Supervision({
    clock,
    random: createSeededRandom(1),
    log: silentLog,
    openSocket: (url, options, handlers) => {
      tokens.push(url.slice('ws://broker.test/'.length));
      return brokers.get(url.at(17)!)!.openSocket('ws://broker.test/', options, handlers);
    },
    accounts: () => state.accounts,
    wishes: () => state.wishes,
    isMarketOpen: () => true,
    onRedealt: () => undefined,
    onRestChanged: () => undefined,
    renew: async (id) => void renewals.push(id),
    onEvent: (event) => void events.push(event),
  });
  const store = new QuoteStore({
    capacity: 32, groupCount: 0, tickDepth: 0, baseWallMs: clock.wallMs(),
  });
  const start = async (): Promise<void> => {
    supervision.accountsChanged();
    const targets = targetsOf([1, 2]).map((one) => ({ ...one, key: keyOf(one.key) }));
    supervision.setContracts(targets.map(({ key }) => key));
    supervision.feed.setTargets(targets, store);
    await clock.advance(1_000);
  };
  const at = (id: string): number[] => brokers.get(id)!.subscribed();
  return {
    clock, brokers, tokens, events, renewals, account, state, supervision, store, start, at,
  };
}

describe('Supervision', () => {
  it('lets home accounts carry, and the others observe', async () => {
    const { start, at, supervision } = createBench();
    await start();
    expect([at('a'), at('b'), at('x')]).toEqual([[1, 2], [1, 2], [101, 102]]);
    expect(supervision.view().map(({ label, role, contracts }) => [label, role, contracts]))
      .toEqual([['A', 'carrier', 2], ['B', 'observer', 0], ['X', 'observer', 0]]);
  });

  it('connects anew with credentials that are others, though the roles are the same', async () => {
    const { start, state, account, supervision, tokens, clock, at } = createBench();
    await start();
    tokens.length = 0;
    state.accounts = [account('a', 'two'), ...state.accounts.slice(1)];
    supervision.accountsChanged();
    await clock.advance(1_000);
    expect(tokens).toEqual(['a?two']);
    expect(at('a')).toEqual([1, 2]);
    expect(supervision.view()[0]?.sockets).toEqual({ wanted: 1, live: 1 });
  });

  it('moves what a refused account carried at once, and gets its token anew once', async () => {
    const { start, brokers, clock, at, supervision, renewals, events } = createBench();
    await start();
    brokers.get('a')!.endAll('auth');
    await clock.advance(200);
    expect([at('a'), at('b')]).toEqual([[], [1, 2]]);
    expect(renewals).toEqual(['a']);
    brokers.get('b')!.tick(10_000);
    await clock.advance(200);
    expect(events.map(({ level, cause, from, to }) => [level, cause, from, to])).toEqual([
      [2, 'auth', ['A', 'B'], ['B']],
    ]);
    expect(events[0]?.durationMs).toBeLessThan(1_000);
    expect(supervision.feed.socketOf(keyOf('1'))).toBeDefined();
  });

  it('lets another broker carry when nobody is left at home', async () => {
    const { start, brokers, clock, supervision, store } = createBench();
    await start();
    for (const id of ['a', 'b']) {
      brokers.get(id)!.refuse = 500;
      for (const { socket } of [...brokers.get(id)!.open]) socket.terminate();
    }
    await clock.advance(7_000);
    expect(supervision.standing.carriers).toEqual(['x']);
    brokers.get('x')!.tick(12_345);
    await clock.advance(200);
    expect([...store.ltpPaise.slice(0, 2)]).toEqual([12_345, 12_345]);
  });

  it('tells of no switch when nobody is left to carry: it is degraded', async () => {
    const { start, state, brokers, clock, supervision, events } = createBench();
    state.accounts = state.accounts.filter(({ id }) => id !== 'b');
    await start();
    for (const broker of brokers.values()) {
      broker.refuse = 500;
      for (const { socket } of [...broker.open]) socket.terminate();
    }
    await clock.advance(70_000);
    const { isDegraded, carriers } = supervision.standing;
    expect([isDegraded, carriers]).toEqual([true, ['a', 'x']]);
    expect(events.filter(({ cause }) => cause === 'feed_lost')).toEqual([]);
  });

  it('takes a drained account out, with its sockets, and puts a forced one first', async () => {
    const { start, state, clock, supervision, at } = createBench();
    await start();
    state.wishes = { forced: null, drained: new Set(['a']) };
    supervision.accountsChanged();
    await clock.advance(3_000);
    expect(at('a')).toEqual([]);
    expect(supervision.view()[0]).toMatchObject({
      role: 'drained', sockets: { wanted: 0, live: 0 }, contracts: 0,
    });
    state.wishes = { forced: 'x', drained: new Set() };
    supervision.accountsChanged();
    await clock.advance(3_000);
    expect(supervision.standing.carriers[0]).toBe('x');
  });
});
