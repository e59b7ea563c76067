import { createVirtualClock, createMemoryNetwork } from '@strikewire/runtime/virtual';
import { describe, expect, it } from 'vitest';
import { createSimulator, defaultAccount } from '../../index';
import { someUnderlyings, startMs } from '../../testing/harness';
import { depthCodes, depthSideBytes } from './depth-encoder';

const { clientId, token } = defaultAccount;
const usual = `token=${token}&clientId=${clientId}&authType=2`;

function setUp() {
  const clock = createVirtualClock(startMs);
  const simulator = createSimulator({
    clock, seed: 7, sessions: { kind: 'always' }, holidays: [], underlyings: someUnderlyings,
    rates: { ticksPerSecond: 100 },
  });
  const network = createMemoryNetwork({ clock, latencyMs: 5 });
  network.host('broker.test', simulator.site);
  const nifty = simulator.market.underlying('NIFTY')!;
  const chain = simulator.market.chain(nifty, simulator.market.expiries(nifty)[0]!)!;
  const ids = (count: number): number[] =>
    Array.from({ length: count }, (_, index) => chain.firstId + 200 + index);
  const connect = (query = usual) => {
    const client = { frames: [] as Uint8Array[], closed: 0, refused: 0 };
    const url = `ws://broker.test/twentydepth?${query}`;
    const options = { handshakeTimeoutMs: 5_000, messageBytesMax: 1_000_000 };
    const socket = network.openSocket(url, options, {
      message: (data) => void client.frames.push(data.slice()),
      closed: (code) => void (client.closed = code),
      refused: (status) => void (client.refused = status),
    });
    const ask = (code: number, wanted: readonly number[], segment = 'NSE_FNO'): void => {
      const list = wanted.map((id) => ({ ExchangeSegment: segment, SecurityId: String(id) }));
      socket.send(JSON.stringify({
        RequestCode: code, InstrumentCount: list.length, InstrumentList: list,
      }));
    };
    return Object.assign(client, { socket, ask });
  };
  return { clock, simulator, ids, connect };
}

interface Side {
  code: number;
  id: number;
  levels: { price: number; quantity: number; orders: number }[];
}

function sidesOf(frame: Uint8Array): Side[] {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  return Array.from({ length: frame.byteLength / depthSideBytes }, (_, index): Side => {
    const at = index * depthSideBytes;
    expect([view.getInt16(at, true), view.getUint8(at + 3)]).toEqual([depthSideBytes, 2]);
    return {
      code: view.getUint8(at + 2),
      id: view.getInt32(at + 4, true),
      levels: Array.from({ length: 20 }, (_, level) => {
        const from = at + 12 + level * 16;
        return {
          price: view.getFloat64(from, true),
          quantity: view.getUint32(from + 8, true),
          orders: view.getUint32(from + 12, true),
        };
      }),
    };
  });
}

/** The reason of a disconnect packet. */
function reasonOf(frame: Uint8Array | undefined): number | undefined {
  if (frame?.byteLength !== 14 || frame[2] !== depthCodes.disconnect) return undefined;
  return new DataView(frame.buffer, frame.byteOffset).getInt16(12, true);
}

describe('the depth socket', () => {
  it('tells twenty levels a side, of which the first five are the market feed\'s', async () => {
    const { clock, simulator, ids, connect } = setUp();
    const client = connect();
    await clock.advance(20);
    const [id = 0] = ids(1);
    client.ask(23, [id]);
    await clock.advance(30_000);
    simulator.pause(true);
    await clock.advance(20);
    expect(client.frames.length).toBeGreaterThan(10);
    const [bid, ask] = sidesOf(client.frames.at(-1)!);
    expect([bid?.code, bid?.id, ask?.code, ask?.id]).toEqual([41, id, 51, id]);
    const truth = simulator.truth.contract('NSE_FNO', id)!;
    expect(bid?.levels.slice(0, 5)).toEqual(truth.depth.map((level) => (
      { price: level.bid, quantity: level.bidQty, orders: level.bidOrders })));
    expect(ask?.levels.slice(0, 5)).toEqual(truth.depth.map((level) => (
      { price: level.ask, quantity: level.askQty, orders: level.askOrders })));
    const prices = ask!.levels.map(({ price }) => price);
    expect(prices).toEqual([...new Set(prices)].sort((a, b) => a - b));
    expect(ask!.levels.every(({ quantity, orders }) => quantity > 0 && orders > 0)).toBe(true);
    client.ask(24, [id]);
    simulator.pause(false);
    await clock.advance(100);
    const count = client.frames.length;
    await clock.advance(10_000);
    expect(client.frames.length).toBe(count);
    const depth = { sockets: 1, subscriptions: 0, handshakes: 1 };
    expect(simulator.status()).toMatchObject({ watched: 0, depth });
    expect(simulator.violations().total).toBe(0);
  });

  it('passes over and counts the 51st instrument, and other segments', async () => {
    const { clock, simulator, ids, connect } = setUp();
    const client = connect();
    await clock.advance(20);
    client.ask(23, ids(51));
    client.ask(23, [13], 'IDX_I');
    await clock.advance(20);
    const seen = new Set(client.frames.flatMap(sidesOf).map(({ id }) => id));
    expect(seen.size).toBe(50);
    expect(simulator.violations().byKind).toEqual({ depth_instruments: 1, depth_segment: 1 });
  });

  it('ends the oldest of six, and leaves nothing watched', async () => {
    const { clock, simulator, ids, connect } = setUp();
    const clients = Array.from({ length: 6 }, () => connect());
    await clock.advance(20);
    expect(reasonOf(clients[0]?.frames.at(-1))).toBe(805);
    expect(clients.map(({ closed }) => closed)).toEqual([1000, 0, 0, 0, 0, 0]);
    expect(simulator.violations().byKind).toEqual({ depth_sockets: 1 });
    clients[5]?.ask(23, ids(3));
    await clock.advance(20);
    expect(simulator.status().watched).toBe(3);
    clients[5]?.socket.terminate();
    await clock.advance(20);
    expect(simulator.status().watched).toBe(0);
  });

  it('is what faults can be aimed at alone', async () => {
    const { clock, simulator, ids, connect } = setUp();
    const client = connect();
    await clock.advance(20);
    client.ask(23, ids(1));
    simulator.faults.add({ kind: 'dropSocket', socket: 1 });
    await clock.advance(2_000);
    expect(client.closed).toBe(0);
    simulator.faults.add({ kind: 'muteSocket', socket: 'depth', forMs: 5_000 });
    const count = client.frames.length;
    await clock.advance(4_000);
    expect(client.frames.length).toBe(count);
    await clock.advance(4_000);
    expect(client.frames.length).toBeGreaterThan(count);
    simulator.faults.add({ kind: 'dropSocket', socket: 'depth' });
    await clock.advance(20);
    expect(client.closed).toBe(1006);
  });

  it('accepts bad credentials, tells why, and ends with the token', async () => {
    const { clock, simulator, connect } = setUp();
    const wrong = connect(`token=wrong&clientId=${clientId}&authType=2`);
    const bare = connect(`token=${token}`);
    const good = connect();
    await clock.advance(20);
    expect([reasonOf(wrong.frames[0]), wrong.closed]).toEqual([809, 1000]);
    expect(bare.refused).toBe(400);
    simulator.faults.add({ kind: 'expireToken' });
    await clock.advance(20);
    expect([reasonOf(good.frames.at(-1)), good.closed]).toEqual([807, 1000]);
  });
});
