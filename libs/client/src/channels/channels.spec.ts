import type { ChainRatios, Notification, Notifications, Quote } from '@strikewire/contracts';
import type { StrikewireError } from '@strikewire/runtime';
import { describe, expect, it } from 'vitest';
import { clientLimits } from '../limits';
import { polledChain } from '../testing/polled-chain';
import { scriptChannels } from '../testing/scripted-channels';

const target = { underlying: 'NIFTY', expiry: '2026-11-24' };
const ratios: ChainRatios = {
  pcrOi: 1,
  pcrVolume: null,
  totalCeOi: 10,
  totalPeOi: 10,
  totalCeVolume: null,
  totalPeVolume: null,
  totalCeOiChange: null,
  totalPeOiChange: null,
};
const pcr = { channel: 'pcr', stream: 3 };
const asOf = '2026-11-23T10:00:00.000+05:30';
const pcrLayout = { type: 'layout', ...pcr, exchange: 'NSE', ...target };
const pcrSnapshot = { type: 'snapshot', ...pcr, version: 5, asOf, ratios };
const pcrDelta = (previous: number, more: Partial<ChainRatios>): object =>
  ({ type: 'delta', ...pcr, previous, version: previous + 1, asOf, ratios: more });

function collector<S>() {
  const states: S[] = [];
  const errors: StrikewireError[] = [];
  const listener = {
    changed: (state: S) => void states.push(state),
    failed: (error: StrikewireError) => void errors.push(error),
  };
  return { states, errors, listener };
}

describe('a channel of state', () => {
  it('is a snapshot, then what changes, joined by versions', async () => {
    const server = scriptChannels();
    server.answers = () => [pcrLayout, pcrSnapshot];
    const { states, listener } = collector();
    const watch = server.client.watchPcr(target, listener);
    await server.clock.advance(100);
    expect(server.received).toMatchObject([{ type: 'subscribe', channel: 'pcr', ...target }]);
    server.say(pcrDelta(5, { pcrOi: 2 }));
    await server.clock.advance(100);
    expect(states).toMatchObject([{ ratios }, { ratios: { ...ratios, pcrOi: 2 } }]);
    expect(watch.state).toBe(states[1]);
    expect(server.client.counters).toMatchObject({ snapshots: 1, deltas: 1, resyncs: 0 });
  });

  it('is asked for anew when versions do not join up', async () => {
    const server = scriptChannels();
    server.answers = () => [pcrLayout, pcrSnapshot];
    const { states, listener } = collector();
    server.client.watchPcr(target, listener);
    await server.clock.advance(100);
    server.say(pcrDelta(6, { pcrOi: 3 }));
    server.say(pcrDelta(7, { pcrOi: 4 }));
    await server.clock.advance(100);
    expect(server.count('resync')).toBe(1);
    server.say({ ...pcrSnapshot, version: 8, ratios: { ...ratios, pcrOi: 4 } });
    await server.clock.advance(100);
    expect(states.at(-1)).toMatchObject({ ratios: { pcrOi: 4 } });
    expect(states).toHaveLength(2);
  });

  it('is one subscription for all who watch it, let go with the last', async () => {
    const server = scriptChannels();
    server.answers = () => [pcrLayout, pcrSnapshot];
    const [a, b] = [collector(), collector()];
    const first = server.client.watchPcr(target, a.listener);
    await server.clock.advance(100);
    const second = server.client.watchPcr({ ...target, underlying: 'nifty' }, b.listener);
    expect(b.states).toEqual(a.states);
    first.close();
    await server.clock.advance(100);
    expect([server.count('subscribe'), server.count('unsubscribe')]).toEqual([1, 0]);
    second.close();
    await server.clock.advance(clientLimits.lingerMs + 100);
    expect(server.count('unsubscribe')).toBe(1);
    expect(server.client.connection.state).toBe('idle');
    expect(server.clock.pendingCount).toBe(0);
  });

  it('is subscribed to again after a loss; what is held stays', async () => {
    const server = scriptChannels();
    server.answers = () => [pcrLayout, pcrSnapshot];
    const { listener } = collector();
    const watch = server.client.watchPcr(target, listener);
    await server.clock.advance(100);
    server.cut();
    await server.clock.advance(10);
    expect(watch.state).toMatchObject({ ratios });
    await server.clock.advance(clientLimits.backOffBaseMs + 100);
    expect(server.count('subscribe')).toBe(2);
    expect(server.client.counters.snapshots).toBe(2);
  });

  it('that is refused is told why and asked for until it is served', async () => {
    const server = scriptChannels();
    const error = { code: 'chain_not_built', message: 'not yet', requestId: 'r-1' };
    server.answers = () => [{ type: 'error', error }];
    const { states, errors, listener } = collector();
    server.client.watchPcr(target, listener);
    await server.clock.advance(100);
    expect(errors).toMatchObject([{ code: 'chain_not_built', details: { requestId: 'r-1' } }]);
    server.answers = () => [pcrLayout, pcrSnapshot];
    await server.clock.advance(clientLimits.refusedRetryMs + 100);
    expect(states).toHaveLength(1);
  });

  it('is subscribed to anew when the server lets it go', async () => {
    const server = scriptChannels();
    server.answers = () => [pcrLayout, pcrSnapshot];
    server.client.watchPcr(target, {});
    await server.clock.advance(100);
    server.say({ type: 'unsubscribed', stream: 3 });
    await server.clock.advance(100);
    expect(server.count('subscribe')).toBe(2);
  });

  it('counts what cannot be read, and lives on', async () => {
    const server = scriptChannels();
    server.answers = () => [pcrLayout, pcrSnapshot];
    server.client.watchPcr(target, {});
    await server.clock.advance(100);
    server.say({ ...pcrSnapshot, version: 'seven' });
    server.say({ type: 'explosion', channel: 'pcr' });
    await server.clock.advance(100);
    expect(server.client.counters.malformed).toBe(2);
    expect(server.client.connection.state).toBe('live');
  });

  it('is polled while sockets fail, where REST has it, and not after', async () => {
    const server = scriptChannels();
    server.isRefusing = true;
    server.answers = ({ channel }) => (channel === 'pcr' ? [pcrLayout, pcrSnapshot] : []);
    server.rest['/api/optionchain/live'] = polledChain({ generation: 1, version: 5, ltp: 88 });
    const [ofPcr, ofGreeks] = [collector(), collector()];
    server.client.watchPcr(target, ofPcr.listener);
    const greeks = server.client.watchGreeks(target, ofGreeks.listener);
    await server.clock.advance(60_000);
    expect(server.client.connection.state).toBe('polling');
    expect(ofPcr.states.at(-1)).toMatchObject({ underlying: 'NIFTY', ratios: { totalCeOi: 0 } });
    expect(ofGreeks.states.at(-1)).toMatchObject({
      layout: { strikes: [25_950, 26_000, 26_050] }, head: { forward: { value: 26_021.5 } },
    });
    greeks.close();
    server.isRefusing = false;
    await server.clock.advance(clientLimits.backOffCapMs + 1_000);
    const { polls } = server.client.counters;
    await server.clock.advance(10_000);
    expect(server.client.counters.polls).toBe(polls);
    expect(ofPcr.states.at(-1)).toMatchObject({ ratios });
  });

  it('counts with the chains against what one socket may hold', () => {
    const { client } = scriptChannels();
    client.watchStatus({});
    for (let index = 1; index < clientLimits.chainsMax; index++) {
      client.watchChain({ underlying: `S${index}` }, {});
    }
    expect(() => client.watchAlerts({})).toThrow(
      expect.objectContaining({ code: 'too_many_chains' }),
    );
  });
});

describe('quotes', () => {
  it('are told by key, whatever the order that the server keeps them in', async () => {
    const server = scriptChannels();
    const quote = (ltp: number): Quote =>
      ({ ltp, bid: null, ask: null, volume: 1, oi: null, updatedAt: null });
    const quotes = { channel: 'quotes', stream: 9 };
    server.answers = () => [
      { type: 'layout', ...quotes, keys: ['NSE:NIFTY', 'NSE:BANKNIFTY'] },
      { type: 'snapshot', ...quotes, version: 1, rows: [[0, quote(1)], [1, quote(2)]] },
    ];
    const { states, listener } = collector();
    server.client.watchQuotes(['NSE:BANKNIFTY', 'NSE:NIFTY', 'NSE:NIFTY'], listener);
    await server.clock.advance(100);
    server.say({ type: 'delta', ...quotes, previous: 1, version: 2, rows: [[1, null]] });
    await server.clock.advance(100);
    expect(states).toEqual([
      { 'NSE:NIFTY': quote(1), 'NSE:BANKNIFTY': quote(2) },
      { 'NSE:NIFTY': quote(1), 'NSE:BANKNIFTY': null },
    ]);
  });
});

describe('alerts', () => {
  const alert = (id: number, count = 1): Notification =>
    ({ id, at: asOf, severity: 'info', kind: 'some.kind', title: `no. ${id}`, text: '', count });
  const inbox = (...ids: number[]): Notifications =>
    ({ notifications: ids.map((id) => alert(id)), unread: ids.length });
  const place = { channel: 'alerts', stream: 2, epoch: 'e' };
  const event = (sequence: number, data: Notification): object =>
    ({ type: 'event', ...place, sequence, data });

  function setUp(sequence = 7) {
    const server = scriptChannels();
    server.rest['/api/notifications'] = inbox(4, 3);
    server.answers = () => [{ type: 'subscribed', ...place, sequence }];
    const collected = collector<Notifications>();
    const watch = server.client.watchAlerts(collected.listener);
    const ids = (): number[] => collected.states.at(-1)?.notifications.map(({ id }) => id) ?? [];
    return { server, watch, ids, ...collected };
  }

  it('are the inbox, then each as it comes; one that is told again is counted', async () => {
    const { server, states, ids } = setUp();
    await server.clock.advance(100);
    expect(ids()).toEqual([4, 3]);
    server.say(event(8, alert(5)));
    server.say(event(9, alert(5, 2)));
    await server.clock.advance(100);
    expect(ids()).toEqual([5, 4, 3]);
    expect(states.at(-1)?.unread).toBe(3);
    expect(states.at(-1)?.notifications[0]).toMatchObject({ id: 5, count: 2 });
    expect(server.asked).toHaveLength(1);
  });

  it('are read again when some could not be kept', async () => {
    const { server, ids } = setUp();
    await server.clock.advance(100);
    server.rest['/api/notifications'] = inbox(9, 8, 4, 3);
    const resync = 'GET /api/notifications';
    server.say({ type: 'overflow', ...place, sequence: 60, dropped: 53, resync });
    await server.clock.advance(100);
    expect(ids()).toEqual([9, 8, 4, 3]);
    server.say(event(61, alert(10)));
    await server.clock.advance(100);
    expect(ids()).toEqual([10, 9, 8, 4, 3]);
  });

  it('go on after a loss where they were; nothing is read that is held', async () => {
    const { server } = setUp();
    await server.clock.advance(100);
    server.say(event(8, alert(5)));
    await server.clock.advance(100);
    server.answers = () => [{ type: 'subscribed', ...place, sequence: 8 }];
    server.cut();
    await server.clock.advance(2_000);
    expect(server.received.at(-1)).toMatchObject({
      type: 'subscribe', channel: 'alerts', after: { epoch: 'e', sequence: 8 },
    });
    expect(server.asked).toHaveLength(1);
    server.answers = () => [{ type: 'subscribed', ...place, epoch: 'f', sequence: 0 }];
    server.cut();
    await server.clock.advance(2_000);
    expect(server.asked).toHaveLength(2);
  });

  it('are polled while sockets fail, and read when somebody asks', async () => {
    const { server, watch, ids } = setUp();
    await server.clock.advance(100);
    server.rest['/api/notifications'] = inbox(6, 4, 3);
    watch.refresh();
    await server.clock.advance(100);
    expect(ids()).toEqual([6, 4, 3]);
    server.isRefusing = true;
    server.cut();
    server.rest['/api/notifications'] = inbox(7, 6, 4, 3);
    await server.clock.advance(60_000);
    expect(ids()).toEqual([7, 6, 4, 3]);
  });
});
