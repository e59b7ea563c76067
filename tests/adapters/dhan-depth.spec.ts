import type { BrokerInstance, InstrumentToken } from '@strikewire/broker';
import {
  ConnectionBudget,
  createRateBudget,
  DepthDesk,
  depthLeaseMs,
  type DepthAccount,
  type DepthReading,
} from '@strikewire/broker/engine';
import { dhanBroker } from '@strikewire/broker-dhan';
import { paiseOf } from '@strikewire/contracts';
import { createSeededRandom, silentLog } from '@strikewire/runtime';
import { createMemoryNetwork, createVirtualClock } from '@strikewire/runtime/virtual';
import {
  accountsBeside,
  createSimulator,
  defaultAccount,
  defaultUnderlyings,
  type AccountSeed,
} from '@strikewire/simulator';
import { afterEach, describe, expect, it } from 'vitest';

const host = 'dhan.test';
const endpoints = {
  rest: `http://${host}/v2`,
  feed: `ws://${host}`,
  depth: `ws://${host}/twentydepth`,
  auth: `http://${host}`,
  master: `http://${host}/api-data/api-scrip-master-detailed.csv`,
};
const second = 1_000;
const minute = 60 * second;
const seeds = accountsBeside(defaultAccount, 2);

/** A desk before the simulated broker; `keys` are of options around the money. */
function createDeskBench(accountCount = 1) {
  const clock = createVirtualClock(Date.parse('2026-11-24T04:30:00Z'));
  const simulator = createSimulator({
    clock, seed: 5, accounts: seeds, sessions: { kind: 'always' }, holidays: [],
    underlyings: defaultUnderlyings.filter(({ symbol }) => symbol === 'NIFTY'),
    rates: { ticksPerSecond: 200, contractTicksPerSecondMax: 10, sliceMs: 50 },
  });
  const network = createMemoryNetwork({ clock, latencyMs: 5 });
  network.host(host, simulator.site);
  const random = createSeededRandom(6);
  const instanceOf = ({ clientId, token }: AccountSeed): BrokerInstance => {
    const gate = createRateBudget(clock, dhanBroker.limits.rest);
    const deps = { clock, random, http: network.http, log: silentLog, gate };
    const credentials = { clientId, accessToken: token };
    return dhanBroker.create({ credentials, endpoints }, deps);
  };
  const accountOf = (seed: AccountSeed, index: number): DepthAccount => {
    const instance = instanceOf(seed);
    const limits = instance.depthFeed?.limits ?? dhanBroker.limits.feed;
    const depthConnections = new ConnectionBudget(clock, limits);
    return { id: `a${index}`, label: `A${index}`, broker: 'dhan', instance, depthConnections };
  };
  const market = { accounts: seeds.slice(0, accountCount).map(accountOf), isOpen: true, ticked: 0 };
  const nifty = simulator.market.underlying('NIFTY')!;
  const chain = simulator.market.chain(nifty, simulator.market.expiries(nifty)[0]!)!;
  const desk = new DepthDesk({
    clock, random, log: silentLog, openSocket: network.openSocket,
    accounts: () => market.accounts,
    tokenOf: (_account, key): InstrumentToken | undefined =>
      key === 'unknown' ? undefined : { segment: 'NSE_FNO', id: key },
    isMarketOpen: () => market.isOpen,
    quoteMono: () => market.ticked,
  });
  const keys = (count: number): string[] =>
    Array.from({ length: count }, (_, index) => String(chain.firstId + 200 + index));
  const read = (key: string): DepthReading | undefined => desk.read({ key, exchange: 'NSE' });
  /** Reads them every second. */
  const watch = async (of: readonly string[], ms: number): Promise<void> => {
    for (let at = 0; at < ms; at += second) {
      of.forEach(read);
      await clock.advance(second);
    }
  };
  const sockets = (): number => simulator.status().depth?.sockets ?? -1;
  const handshakes = (): number => simulator.status().depth?.handshakes ?? -1;
  return { clock, simulator, market, desk, keys, read, watch, sockets, handshakes, accountOf };
}

type DeskBench = ReturnType<typeof createDeskBench>;
let bench: DeskBench;
const open = (accountCount?: number): DeskBench => (bench = createDeskBench(accountCount));

afterEach(() => {
  bench.desk.stop();
  bench.simulator.stop();
});

describe('full books of Dhan', () => {
  it('come of what is read, and are the market\'s', async () => {
    const { read, keys, watch, simulator, clock, sockets, desk } = open();
    const [key = ''] = keys(1);
    expect(read(key)).toBeUndefined();
    await watch([key], 20 * second);
    simulator.pause(true);
    await clock.advance(20);
    const book = read(key)!;
    const truth = simulator.truth.contract('NSE_FNO', Number(key))!;
    expect([book.bids.length, book.asks.length]).toEqual([20, 20]);
    expect(book.bids.slice(0, 5)).toEqual(truth.depth.map(({ bid, bidQty, bidOrders }) => (
      { pricePaise: paiseOf(bid), quantity: bidQty, orders: bidOrders })));
    expect(book.asks.slice(0, 5)).toEqual(truth.depth.map(({ ask, askQty, askOrders }) => (
      { pricePaise: paiseOf(ask), quantity: askQty, orders: askOrders })));
    expect(book).toMatchObject({ broker: 'dhan', account: 'A0' });
    expect(clock.wallMs() - book.receivedMs).toBeLessThan(10 * second);
    expect([sockets(), simulator.status().sockets.length]).toEqual([1, 0]);
    expect(desk.status()).toEqual([
      { account: 'a0', state: 'live', reason: null, books: 1, max: 50 }]);
    expect(simulator.violations().total).toBe(0);
  });

  it('are let go of half a minute after the last reading, and so is the connection', async () => {
    const { keys, watch, clock, sockets, simulator, read } = open();
    const [one = '', other = ''] = keys(2);
    await watch([one, other], 5 * second);
    await watch([other], depthLeaseMs + second);
    expect(simulator.status().depth).toMatchObject({ sockets: 1, subscriptions: 1 });
    await clock.advance(depthLeaseMs + 2 * second);
    expect([sockets(), simulator.status().watched]).toEqual([0, 0]);
    await watch([one], 2 * second);
    expect(read(one)).toBeDefined();
    expect(simulator.violations().total).toBe(0);
  });

  it('are fifty at most: of the next one there is none until there is room', async () => {
    const { keys, watch, read, simulator, handshakes } = open();
    const all = keys(51);
    const last = all[50]!;
    await watch(all, 5 * second);
    expect(all.map((key) => read(key) !== undefined)).toEqual(all.map((key) => key !== last));
    await watch(all.slice(1), depthLeaseMs + 3 * second);
    expect(read(last)).toBeDefined();
    expect(read(all[0]!)).toBeUndefined();
    expect([handshakes(), simulator.violations().total]).toEqual([1, 0]);
  });

  it('go on at a second account when the first one is full', async () => {
    const { keys, watch, read, desk, simulator } = open(2);
    const all = keys(60);
    await watch(all, 5 * second);
    expect(all.filter((key) => read(key)?.account === 'A0')).toHaveLength(50);
    expect(all.filter((key) => read(key)?.account === 'A1')).toHaveLength(10);
    expect(desk.status().map(({ books }) => books)).toEqual([50, 10]);
    expect(simulator.violations().total).toBe(0);
  });

  it('are none while the market is closed, nor of what has no name', async () => {
    const { keys, watch, read, market, sockets, clock, handshakes } = open();
    const all = keys(1);
    await watch(['unknown'], 3 * second);
    expect(handshakes()).toBe(0);
    await watch(all, 3 * second);
    market.isOpen = false;
    expect(read(all[0]!)).toBeUndefined();
    await clock.advance(2 * second);
    expect(sockets()).toBe(0);
  });
});

describe('a depth socket that fails', () => {
  it('comes back with what is read; books of before are not served meanwhile', async () => {
    const { keys, watch, read, simulator, clock, sockets, handshakes } = open();
    const all = keys(3);
    await watch(all, 15 * second);
    simulator.faults.add({ kind: 'handshakeStatus', status: 503, forMs: 10 * second });
    simulator.faults.add({ kind: 'dropSocket', socket: 'all' });
    await clock.advance(second);
    expect(all.map(read)).toEqual([undefined, undefined, undefined]);
    await watch(all, 40 * second);
    expect(all.map((key) => read(key)?.account)).toEqual(['A0', 'A0', 'A0']);
    expect(sockets()).toBe(1);
    // The first attempt at once, then ever later ones.
    expect(handshakes()).toBeLessThan(12);
  });

  it('rests when its token is refused, and is rarely tried, however much is read', async () => {
    const { keys, watch, simulator, desk, handshakes, market, accountOf, read } = open();
    const all = keys(2);
    await watch(all, 5 * second);
    simulator.faults.add({ kind: 'expireToken' });
    await watch(all, 14 * minute);
    const [status] = desk.status();
    expect(status).toMatchObject({ state: 'parked', reason: 'access token expired (807)' });
    expect(handshakes()).toBe(1);
    expect(simulator.status().requests['profile']).toBe(2);
    expect(simulator.violations().total).toBe(0);
    // New credentials count at once.
    const renewed = simulator.accounts.renew(defaultAccount.clientId)!;
    market.accounts = [accountOf(renewed, 0)];
    await watch(all, 2 * second);
    expect(all.map((key) => read(key)?.account)).toEqual(['A0', 'A0']);
  });

  it('leaves its books to another account when its token is refused', async () => {
    const { keys, watch, simulator, desk, read } = open(2);
    const all = keys(2);
    await watch(all, 5 * second);
    const { clientId } = defaultAccount;
    simulator.faults.add({ kind: 'expireToken', clientId });
    await watch(all, 5 * second);
    expect(all.map((key) => read(key)?.account)).toEqual(['A1', 'A1']);
    expect(desk.status().map(({ state }) => state)).toEqual(['parked', 'live']);
  });

  it('is lost when nothing comes of it, not even pings', async () => {
    const { keys, watch, simulator, handshakes, read } = open();
    const all = keys(1);
    await watch(all, 15 * second);
    simulator.faults.add({ kind: 'muteSocket', socket: 'all', stopPings: true });
    await watch(all, 35 * second);
    expect([handshakes(), read(all[0]!) !== undefined]).toEqual([2, true]);
  });

  it('is lost when it lives and is silent beside a market feed that ticks', async () => {
    const { keys, simulator, handshakes, read, market, clock, watch } = open();
    const all = keys(1);
    await watch(all, 15 * second);
    simulator.faults.add({ kind: 'muteSocket', socket: 'all' });
    for (let at = 0; at < 15; at++) {
      market.ticked = clock.monoMs();
      await watch(all, second);
    }
    expect([handshakes(), read(all[0]!) !== undefined]).toEqual([2, true]);
  });

  it('ends with its account, and its books move to whoever carries then', async () => {
    const { keys, watch, market, sockets, read, accountOf, simulator } = open();
    const all = keys(2);
    await watch(all, 5 * second);
    market.accounts = [];
    await watch(all, 3 * second);
    expect([sockets(), read(all[0]!)]).toEqual([0, undefined]);
    market.accounts = [accountOf(seeds[1]!, 1)];
    await watch(all, 3 * second);
    expect(all.map((key) => read(key)?.account)).toEqual(['A1', 'A1']);
    expect(simulator.violations().total).toBe(0);
  });
});
