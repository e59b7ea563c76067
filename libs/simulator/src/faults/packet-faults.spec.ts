import { describe, expect, it } from 'vitest';
import { createHarness, type FeedClient, type Harness } from '../testing/harness';
import type { Fault } from './fault';

const quoteCode = 4;

/** Times of the last trade that the packets of an index tell, in the order of their coming. */
function times(feed: FeedClient, id = 13): number[] {
  return feed.ofCode(quoteCode)
    .filter((packet) => packet.getUint32(4, true) === id)
    .map((packet) => packet.getUint32(14, true));
}
const isAscending = (numbers: readonly number[]): boolean =>
  numbers.every((number, index) => number >= (numbers[index - 1] ?? 0));

/** Subscribed to one index, a packet to a message, several a second. */
async function watching(harness: Harness): Promise<FeedClient> {
  const feed = harness.connect();
  await harness.clock.advance(100);
  feed.subscribe(17, [13], 'IDX_I');
  await harness.clock.advance(1_000);
  return feed;
}
const create = (): Harness => createHarness({
  rates: { ticksPerSecond: 10 }, feed: { packing: { share: 0, busyFrom: 1_000, fullFrame: 1 } },
});

/** Lets a fault be for a while and ends it. */
async function during(harness: Harness, fault: Fault, forMs: number): Promise<void> {
  harness.simulator.faults.add(fault);
  await harness.clock.advance(forMs);
  harness.simulator.faults.clear();
}

describe('faults of packets', () => {
  it('come late, and others overtake them', async () => {
    const harness = create();
    const feed = await watching(harness);
    const before = times(feed).length;
    await during(harness, { kind: 'latePackets', lateMs: 5_000, probability: 0.3 }, 10_000);
    await harness.clock.advance(6_000);
    const seen = times(feed).slice(before);
    expect(isAscending(seen)).toBe(false);
    const latest = seen.map((_, index) => Math.max(...seen.slice(0, index + 1)));
    const behind = Math.max(...latest.map((time, index) => time - (seen[index] ?? 0)));
    expect(behind).toBeGreaterThanOrEqual(4);
    expect(seen.length).toBeGreaterThan(100);
  });

  it('come twice', async () => {
    const harness = create();
    const feed = await watching(harness);
    const before = feed.frames.length;
    await during(harness, { kind: 'duplicatePackets', probability: 1 }, 2_000);
    const frames = feed.frames.slice(before).map((frame) => Buffer.from(frame).toString('hex'));
    expect(frames.length).toBeGreaterThan(20);
    expect(frames.every((frame, index) => index % 2 === 0 || frame === frames[index - 1]))
      .toBe(true);
  });

  it('come after the one behind them, and none is lost', async () => {
    const harness = createHarness({ rates: { ticksPerSecond: 50 } });
    const feed = harness.connect();
    await harness.clock.advance(100);
    feed.subscribe(17, [13, 25, 27, 442, 51, 69], 'IDX_I');
    await harness.clock.advance(1_000);
    const before = feed.packets().length;
    const { ticks } = harness.simulator.status();
    await during(harness, { kind: 'outOfOrderPackets', probability: 1 }, 10_000);
    await harness.clock.advance(2_000);
    harness.simulator.pause(true);
    await harness.clock.advance(50);
    const packets = feed.ofCode(quoteCode).slice(-(feed.packets().length - before));
    expect(isAscending(packets.map((packet) => packet.getUint32(14, true)))).toBe(false);
    expect(packets.length).toBe(harness.simulator.status().ticks - ticks);
  });

  it('come in two messages', async () => {
    const harness = create();
    const feed = await watching(harness);
    const before = feed.frames.length;
    await during(harness, { kind: 'tornFrames', probability: 1 }, 2_000);
    const pieces = feed.frames.slice(before);
    expect(pieces.length).toBeGreaterThan(20);
    expect(pieces.every(({ length }) => length > 0 && length < 50)).toBe(true);
    for (let index = 0; index + 1 < pieces.length; index += 2) {
      expect((pieces[index]?.length ?? 0) + (pieces[index + 1]?.length ?? 0)).toBe(50);
    }
  });

  it('tell another time than it is, in the feed and over REST', async () => {
    const harness = create();
    const feed = await watching(harness);
    const [first = 0] = times(feed).slice(-1);
    await during(harness, { kind: 'clockSkew', skewMs: -3_600_000, forMs: 2_000 }, 1_000);
    expect(times(feed).at(-1)).toBeLessThan(first - 3_000);
    await harness.clock.advance(1_000);
    expect(times(feed).at(-1)).toBeGreaterThan(first);
    harness.simulator.faults.add({ kind: 'clockSkew', skewMs: 86_400_000 });
    const answer = await harness.call('POST', '/v2/marketfeed/quote', { IDX_I: [13] });
    expect(answer.text).toContain('"last_trade_time":"22/11/2026');
  });
});

describe('faults of connections', () => {
  it('leaves one half open: nothing heard, nothing sent, and it breaks in the end', async () => {
    const harness = create();
    const feed = await watching(harness);
    harness.simulator.faults.add({ kind: 'halfOpen', socket: 'all', forMs: 120_000 });
    const seen = feed.frames.length;
    feed.subscribe(17, [25], 'IDX_I');
    await harness.clock.advance(119_000);
    expect([feed.frames.length, feed.pings, feed.closed]).toEqual([seen, 0, undefined]);
    expect(harness.simulator.status().sockets).toMatchObject([{ instruments: 1, muted: true }]);
    await harness.clock.advance(2_000);
    expect(feed.closed?.code).toBe(1006);
  });

  it('closes with any code that a close frame may have', async () => {
    const harness = create();
    const feed = await watching(harness);
    harness.simulator.faults.add({ kind: 'dropSocket', socket: 1, closeCode: 1011 });
    await harness.clock.advance(50);
    expect(feed.closed?.code).toBe(1011);
    const { faults } = harness.simulator;
    expect(() => faults.add({ kind: 'dropSocket', socket: 1, closeCode: 1006 }))
      .toThrow(/^closeCode was 1006/);
  });

  it('suspends an account everywhere, and that account only', async () => {
    const harness = create();
    const feed = await watching(harness);
    harness.simulator.faults.add({ kind: 'suspendAccount', clientId: '1000000002' });
    expect((await harness.call('GET', '/v2/profile')).status).toBe(200);
    harness.simulator.faults.add({ kind: 'suspendAccount', forMs: 60_000 });
    await harness.clock.advance(50);
    expect(feed.ofCode(50)[0]?.getUint16(8, true)).toBe(810);
    const profile = await harness.call('GET', '/v2/profile');
    expect([profile.status, profile.text.includes('DH-903')]).toEqual([403, true]);
    const quotes = await harness.call('POST', '/v2/marketfeed/ltp', { IDX_I: [13] });
    expect(quotes.text).toContain('"810"');
    const again = harness.connect();
    await harness.clock.advance(50);
    expect(again.ofCode(50)[0]?.getUint16(8, true)).toBe(810);
    await harness.clock.advance(60_000);
    expect((await harness.call('GET', '/v2/profile')).status).toBe(200);
  });

  it('lets tokens expire after a while; a new one lives', async () => {
    const harness = create();
    const feed = await watching(harness);
    harness.simulator.faults.add({ kind: 'expireToken', inMs: 5_000 });
    await harness.clock.advance(4_000);
    expect([feed.closed, (await harness.call('GET', '/v2/profile')).status])
      .toEqual([undefined, 200]);
    await harness.clock.advance(2_000);
    expect(feed.ofCode(50)[0]?.getUint16(8, true)).toBe(807);
    expect((await harness.call('GET', '/v2/profile')).status).toBe(401);
    const renewed = harness.simulator.accounts.renew('1000000001');
    Object.assign(harness.headers, { 'access-token': renewed?.token });
    expect((await harness.call('GET', '/v2/profile')).status).toBe(200);
  });

  it('ends connections when a token runs out by itself', async () => {
    const harness = create();
    harness.simulator.accounts.renew('1000000001');
    const { token } = harness.simulator.accounts.find('1000000001') ?? {};
    const feed = harness.connect(`version=2&token=${token}&clientId=1000000001&authType=2`);
    await harness.clock.advance(86_390_000);
    expect(feed.closed).toBeUndefined();
    await harness.clock.advance(20_000);
    expect([feed.ofCode(50)[0]?.getUint16(8, true), feed.closed?.code]).toEqual([807, 1000]);
  });

  it.each([
    [{ kind: 'outage' }, 503],
    [{ kind: 'outage', answer: 'status', status: 504 }, 504],
  ] as const)('is down as a whole: %j', async (fault, status) => {
    const harness = create();
    const feed = await watching(harness);
    harness.simulator.faults.add({ ...fault, forMs: 30_000 });
    expect(feed.closed?.code).toBe(1006);
    expect((await harness.call('GET', '/v2/profile')).status).toBe(status);
    expect((await harness.call('GET', '/api-data/api-scrip-master.csv')).status).toBe(status);
    expect((await harness.call('GET', '/_sim/status')).status).toBe(200);
    const refused = harness.connect();
    await harness.clock.advance(30_000);
    expect(refused.refused).toBe(status);
    expect((await harness.call('GET', '/v2/profile')).status).toBe(200);
    const back = harness.connect();
    await harness.clock.advance(100);
    expect(back.packets().length).toBe(1);
  });

  it('answers nothing at all, when it is down so', async () => {
    const harness = create();
    await watching(harness);
    harness.simulator.faults.add({ kind: 'outage', answer: 'hang', forMs: 10_000 });
    const hung = expect(harness.call('GET', '/v2/profile'))
      .rejects.toMatchObject({ kind: 'retryable' });
    const refused = harness.connect();
    await harness.clock.advance(6_000);
    await hung;
    expect(refused.refused).toBe(0);
  });
});
