import { describe, expect, it } from 'vitest';
import { createHarness, type Harness } from '../../testing/harness';
import { defaultAccount } from '../accounts';
import { packetCodes } from './packets-encoder';

/** Ids of the first `count` options of NIFTY's nearest chain around the middle. */
function optionIds({ simulator }: Harness, count: number, from = 200): number[] {
  const nifty = simulator.market.underlying('NIFTY');
  const chain = nifty && simulator.market.chain(nifty, simulator.market.expiries(nifty)[0] ?? '');
  const first = (chain?.firstId ?? 0) + from;
  return Array.from({ length: count }, (_, index) => first + index);
}
const idOf = (packet: DataView): number => packet.getUint32(4, true);

describe('feed', () => {
  it('greets with the market status and answers a subscription with a first packet', async () => {
    const harness = createHarness({ rates: { ticksPerSecond: 0 } });
    const feed = harness.connect();
    await harness.clock.advance(100);
    expect(feed.packets().map((packet) => packet.getUint8(0))).toEqual([packetCodes.marketStatus]);
    const ids = optionIds(harness, 100);
    feed.subscribe(21, ids);
    await harness.clock.advance(100);
    expect(feed.ofCode(packetCodes.full).map(idOf)).toEqual(ids);
    expect(feed.frames.length).toBeLessThan(ids.length);
  });

  it('sends nothing before the first tick when that is switched off', async () => {
    const harness = createHarness({
      rates: { ticksPerSecond: 0 }, feed: { snapshotOnSubscribe: false },
    });
    const feed = harness.connect();
    await harness.clock.advance(100);
    feed.subscribe(21, optionIds(harness, 5));
    await harness.clock.advance(5_000);
    expect(feed.packets().length).toBe(1);
  });

  it('speaks each mode: ticker, quote with open interest apart, full', async () => {
    const harness = createHarness();
    const feed = harness.connect();
    await harness.clock.advance(100);
    const [ticker = 0, quote = 0, full = 0] = optionIds(harness, 3, 230);
    feed.subscribe(15, [ticker]);
    feed.subscribe(17, [quote]);
    feed.subscribe(21, [full]);
    await harness.clock.advance(5_000);
    const ids = (code: number): number[] => [...new Set(feed.ofCode(code).map(idOf))];
    expect(ids(packetCodes.ticker)).toEqual([ticker]);
    expect(ids(packetCodes.quote)).toEqual([quote]);
    expect(ids(packetCodes.oi)).toEqual([quote]);
    expect(ids(packetCodes.full)).toEqual([full]);
  });

  it('sends an index its previous close, and a quote instead of depth', async () => {
    const harness = createHarness();
    const feed = harness.connect();
    await harness.clock.advance(100);
    feed.subscribe(21, [13], 'IDX_I');
    await harness.clock.advance(1_000);
    expect(feed.ofCode(packetCodes.previousClose).map(idOf)).toEqual([13]);
    expect(feed.ofCode(packetCodes.quote).length).toBeGreaterThan(1);
    expect(feed.ofCode(packetCodes.full)).toEqual([]);
  });

  it('leaves the last packet of every contract equal to the truth once paused', async () => {
    const harness = createHarness({ rates: { ticksPerSecond: 5_000 } });
    const feed = harness.connect();
    await harness.clock.advance(100);
    const ids = optionIds(harness, 100, 180);
    feed.subscribe(21, ids);
    await harness.clock.advance(3_000);
    await harness.call('POST', '/_sim/pause', { paused: true });
    await harness.clock.advance(50);
    const last = new Map(feed.ofCode(packetCodes.full).map((packet) => [idOf(packet), packet]));
    for (const id of ids) {
      const truth = harness.simulator.truth.contract('NSE_FNO', id);
      const packet = last.get(id);
      expect(packet?.getFloat32(8, true)).toBeCloseTo(truth?.ltp ?? -1, 2);
      expect(packet?.getUint32(22, true)).toBe(truth?.volume);
      expect(packet?.getUint32(34, true)).toBe(truth?.oi);
      expect(packet?.getUint32(62, true)).toBe(truth?.bidQty);
      expect(packet?.getFloat32(78, true)).toBeCloseTo(truth?.ask ?? -1, 2);
    }
    const packets = feed.packets().length;
    await harness.clock.advance(60_000);
    expect(feed.packets().length).toBe(packets);
  });

  it('packs several packets into a message now and then', async () => {
    const harness = createHarness({ rates: { ticksPerSecond: 2_000 } });
    const feed = harness.connect();
    await harness.clock.advance(100);
    feed.subscribe(21, optionIds(harness, 100, 180));
    await harness.clock.advance(2_000);
    const sizes = new Set(feed.frames.map(({ length }) => length));
    expect(sizes.has(162)).toBe(true);
    expect(sizes.has(3 * 162)).toBe(true);
  });

  it('passes over unknown instruments, malformed text and stray binary', async () => {
    const harness = createHarness();
    const feed = harness.connect();
    await harness.clock.advance(100);
    feed.subscribe(21, [1, 999_999]);
    feed.subscribe(21, [13], 'NOWHERE');
    for (const text of ['{', '[]', 'null', '{"RequestCode":99}', '{"RequestCode":21}']) {
      feed.socket.send(text);
    }
    feed.socket.send(new Uint8Array(83));
    await harness.clock.advance(1_000);
    expect(feed.packets().length).toBe(1);
    expect([feed.closed, harness.simulator.violations().total]).toEqual([undefined, 0]);
  });

  it('stops after an unsubscription, and closes when told to', async () => {
    const harness = createHarness();
    const feed = harness.connect();
    await harness.clock.advance(100);
    const ids = optionIds(harness, 10, 230);
    feed.subscribe(21, ids);
    await harness.clock.advance(500);
    feed.subscribe(22, ids);
    await harness.clock.advance(50);
    const packets = feed.packets().length;
    expect(packets).toBeGreaterThan(11);
    await harness.clock.advance(2_000);
    expect(feed.packets().length).toBe(packets);
    feed.socket.send('{"RequestCode":12}');
    await harness.clock.advance(50);
    expect(feed.closed?.code).toBe(1000);
    expect(harness.simulator.status().sockets).toEqual([]);
  });

  it('pings every 10 s', async () => {
    const harness = createHarness();
    const feed = harness.connect();
    await harness.clock.advance(60_500);
    expect([feed.pings, feed.closed]).toEqual([6, undefined]);
  });

  it('cuts a client off that gave no sign of life for over 40 s', async () => {
    const harness = createHarness();
    const { site } = harness.simulator;
    const query = new URLSearchParams({
      version: '2', authType: '2', token: defaultAccount.token, clientId: defaultAccount.clientId,
    });
    const request = {
      method: 'GET', path: '/', query, headers: {}, body: new Uint8Array(), remoteAddress: 'test',
    };
    const decision = await site.socket?.(request);
    if (!decision || !('accept' in decision)) throw new Error('accepted');
    let terminatedAtMs = 0;
    const terminate = (): void => void (terminatedAtMs ||= harness.clock.monoMs());
    decision.accept({ send() {}, ping() {}, close() {}, terminate, bufferedAmount: 0 });
    await harness.clock.advance(49_000);
    expect(terminatedAtMs).toBe(0);
    await harness.clock.advance(2_000);
    expect(terminatedAtMs).toBe(50_000);
  });

  it('ends the oldest of six sockets with 805 and counts a violation', async () => {
    const harness = createHarness();
    const feeds = Array.from({ length: 5 }, () => harness.connect());
    await harness.clock.advance(100);
    expect(harness.simulator.violations().total).toBe(0);
    const sixth = harness.connect();
    await harness.clock.advance(100);
    const [farewell] = feeds[0]?.ofCode(packetCodes.disconnect) ?? [];
    expect(farewell?.getUint16(8, true)).toBe(805);
    expect(feeds.map(({ closed }) => closed !== undefined)).toEqual([
      true, false, false, false, false,
    ]);
    expect(sixth.closed).toBeUndefined();
    expect(harness.simulator.violations().byKind).toEqual({ feed_sockets: 1 });
  });

  it('refuses over 100 instruments in a message and over 5,000 on a socket', async () => {
    const harness = createHarness({ rates: { ticksPerSecond: 0 } });
    const feed = harness.connect();
    await harness.clock.advance(100);
    feed.subscribe(21, optionIds(harness, 101));
    await harness.clock.advance(100);
    expect(harness.simulator.violations().byKind).toEqual({ feed_message_instruments: 1 });
    expect(harness.simulator.status().subscriptions).toBe(0);
    for (let part = 0; part < 51; part++) feed.subscribe(15, optionIds(harness, 100, part * 100));
    for (let part = 51; part < 60; part++) feed.subscribe(15, optionIds(harness, 100, part * 100));
    await harness.clock.advance(1_000);
    expect(harness.simulator.status().subscriptions).toBe(5_000);
    expect(harness.simulator.violations().byKind['feed_instruments']).toBeGreaterThan(0);
  });

  it('turns wrong credentials away after accepting, and counts a loop of them', async () => {
    const harness = createHarness();
    const { clientId, token } = defaultAccount;
    const cases = [
      [`version=2&token=nonsense&clientId=${clientId}&authType=2`, 809],
      [`version=2&token=${token}&clientId=999&authType=2`, 808],
    ] as const;
    for (const [query, code] of cases) {
      const feed = harness.connect(query);
      await harness.clock.advance(100);
      expect(feed.ofCode(packetCodes.disconnect)[0]?.getUint16(8, true)).toBe(code);
      expect(feed.closed?.code).toBe(1000);
    }
    expect(harness.simulator.violations().total).toBe(0);
    for (let round = 0; round < 9; round++) {
      harness.connect(cases[0][0]);
      await harness.clock.advance(1_000);
    }
    expect(harness.simulator.violations().byKind).toEqual({ auth_loop: 1 });
  });

  it('refuses a handshake that lacks a parameter', async () => {
    const harness = createHarness();
    const feed = harness.connect(`token=${defaultAccount.token}`);
    await harness.clock.advance(100);
    expect(feed.refused).toBe(400);
  });
});
