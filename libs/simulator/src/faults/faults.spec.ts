import { describe, expect, it } from 'vitest';
import { createHarness, type FeedClient, type Harness } from '../testing/harness';
import { parseFault } from './fault';

/** Codes of packets on the wire. */
const packetCodes = { quote: 4, disconnect: 50 };
const ltp = '/v2/marketfeed/ltp';
const nifty = { UnderlyingScrip: 13, UnderlyingSeg: 'IDX_I' };

async function subscribed(harness: Harness): Promise<FeedClient> {
  const feed = harness.connect();
  await harness.clock.advance(100);
  feed.subscribe(17, [13, 25, 51], 'IDX_I');
  await harness.clock.advance(1_000);
  return feed;
}
const reasonOf = (feed: FeedClient): number | undefined =>
  feed.ofCode(packetCodes.disconnect)[0]?.getUint16(8, true);

describe('socket faults', () => {
  it('drops a connection without a word, or with a code', async () => {
    const harness = createHarness();
    const [first, second] = [await subscribed(harness), await subscribed(harness)];
    harness.simulator.faults.add({ kind: 'dropSocket', socket: 2 });
    expect([first.closed, second.closed?.code, reasonOf(second)]).toEqual([
      undefined, 1006, undefined,
    ]);
    harness.simulator.faults.add({ kind: 'dropSocket', socket: 'all', disconnectCode: 805 });
    await harness.clock.advance(100);
    expect([first.closed?.code, reasonOf(first)]).toEqual([1000, 805]);
  });

  it('mutes: connected, silent, pinging or not, until the time is up', async () => {
    const harness = createHarness();
    const feed = await subscribed(harness);
    harness.simulator.faults.add({
      kind: 'muteSocket', socket: 'all', stopPings: true, forMs: 25_000,
    });
    const seen = feed.frames.length;
    await harness.clock.advance(24_000);
    expect([feed.frames.length, feed.pings, feed.closed]).toEqual([seen, 0, undefined]);
    await harness.clock.advance(10_000);
    expect(feed.frames.length).toBeGreaterThan(seen);
    expect(feed.pings).toBe(1);
  });

  it('delays packets without reordering, and sends them when paused', async () => {
    const harness = createHarness();
    const feed = await subscribed(harness);
    harness.simulator.faults.add({ kind: 'delayPackets', delayMs: 30_000 });
    await harness.clock.advance(100);
    const seen = feed.packets().length;
    await harness.clock.advance(5_000);
    expect(feed.packets().length).toBe(seen);
    harness.simulator.pause(true);
    await harness.clock.advance(100);
    const times = feed.ofCode(packetCodes.quote).map((packet) => packet.getUint32(14, true));
    expect(feed.packets().length).toBeGreaterThan(seen);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it('refuses as many handshakes as asked', async () => {
    const harness = createHarness();
    harness.simulator.faults.add({ kind: 'handshakeStatus', status: 429, count: 2 });
    const feeds = [harness.connect(), harness.connect(), harness.connect()];
    await harness.clock.advance(100);
    expect(feeds.map(({ refused }) => refused)).toEqual([429, 429, undefined]);
  });

  it('sends spoilt frames beside the good ones', async () => {
    const harness = createHarness();
    const feed = await subscribed(harness);
    const before = feed.frames.length;
    harness.simulator.faults.add({ kind: 'corruptFrames', probability: 1, shapes: ['truncated'] });
    await harness.clock.advance(1_000);
    const after = feed.frames.slice(before);
    const spoilt = after.filter(({ length }) => length % 50 !== 0);
    expect(spoilt.length).toBeGreaterThan(3);
    expect(after.length - spoilt.length).toBeGreaterThan(3);
  });

  it('expires a token in mid-session for REST and feed, until cleared', async () => {
    const harness = createHarness();
    const feed = await subscribed(harness);
    harness.simulator.faults.add({ kind: 'expireToken' });
    await harness.clock.advance(100);
    expect([reasonOf(feed), feed.closed?.code]).toEqual([807, 1000]);
    expect((await harness.call('POST', ltp, { IDX_I: [13] })).text).toContain('"807"');
    expect((await harness.call('GET', '/v2/profile')).status).toBe(401);
    harness.simulator.faults.clear();
    expect((await harness.call('GET', '/v2/profile')).status).toBe(200);
  });
});

describe('REST faults', () => {
  it('answers HTML, nothing, a status or never, on the path asked for', async () => {
    const harness = createHarness();
    const { faults } = harness.simulator;
    faults.add({ kind: 'restError', path: 'optionchain/expirylist', answer: 'html', count: 1 });
    const path = '/v2/optionchain/expirylist';
    const html = await harness.call('POST', path, nifty);
    expect([html.status, html.text.startsWith('<html>')]).toEqual([502, true]);
    expect((await harness.call('POST', path, nifty)).status).toBe(200);
    faults.add({ kind: 'restError', path: 'fundlimit', answer: 'empty', count: 1 });
    expect((await harness.call('GET', '/v2/fundlimit')).text).toBe('');
    faults.add({ kind: 'restError', path: '*', answer: 'status', status: 429, count: 1 });
    expect((await harness.call('POST', ltp, {})).text).toContain('"805"');
    faults.add({ kind: 'restError', path: 'fundlimit', answer: 'hang', forMs: 20_000 });
    const hung = expect(harness.call('GET', '/v2/fundlimit'))
      .rejects.toMatchObject({ kind: 'retryable' });
    await harness.clock.advance(6_000);
    await hung;
    await harness.clock.advance(20_000);
    expect((await harness.call('GET', '/v2/fundlimit')).status).toBe(200);
  });

  it('empties a chain and leaves a last price out', async () => {
    const harness = createHarness();
    const { faults } = harness.simulator;
    faults.add({ kind: 'emptyChain', underlying: 'NIFTY', expiry: '2026-11-23' });
    faults.add({ kind: 'omitLtp', underlying: 'BANKNIFTY' });
    const chain = async (Expiry: string): Promise<object> => {
      const answer = await harness.call('POST', '/v2/optionchain', { ...nifty, Expiry });
      return (answer.json() as { data: { oc: object } }).data.oc;
    };
    expect(await chain('2026-11-23')).toEqual({});
    expect(Object.keys(await chain('2026-12-01')).length).toBeGreaterThan(200);
    const quotes = await harness.call('POST', ltp, { IDX_I: [13, 25] });
    expect(Object.keys((quotes.json() as { data: { IDX_I: object } }).data.IDX_I)).toEqual(['13']);
  });

  it('lists odd expiries with chains behind them, until cleared', async () => {
    const harness = createHarness();
    const { market, faults } = harness.simulator;
    faults.add({
      kind: 'oddExpiries', underlying: 'NIFTY', expiries: ['2026-12-06', '2026-11-27'],
    });
    const nifty13 = market.underlying('NIFTY');
    expect(nifty13 && market.expiries(nifty13)).toEqual(['2026-11-27', '2026-12-06']);
    const asked = { ...nifty, Expiry: '2026-12-06' };
    const answer = await harness.call('POST', '/v2/optionchain', asked);
    expect(answer.text.length).toBeGreaterThan(10_000);
    faults.clear();
    expect(nifty13 && market.expiries(nifty13)[0]).toBe('2026-11-23');
  });
});

describe('parseFault', () => {
  it.each([
    [null, 'body'],
    [{ kind: 'earthquake' }, 'kind'],
    [{ kind: 'dropSocket' }, 'socket'],
    [{ kind: 'dropSocket', socket: 0 }, 'socket'],
    [{ kind: 'delayPackets', delayMs: '5' }, 'delayMs'],
    [{ kind: 'corruptFrames', probability: 2 }, 'probability'],
    [{ kind: 'emptyChain', underlying: 'NIFTY', expiry: '2026-02-30' }, 'expiry'],
    [{ kind: 'restError', path: 'x', answer: 'html', retries: 1 }, 'retries'],
    [{ kind: 'oddExpiries', underlying: 'NIFTY', expiries: ['soon'] }, 'expiries'],
  ])('refuses %j by naming %s', (value, field) => {
    const faces = ['one', 'other'];
    expect(() => parseFault(value, faces)).toThrow(new RegExp(`^${field} was .*needs to be`));
  });
});
