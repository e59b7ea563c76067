import { Reader } from 'protobufjs/minimal.js';
import { describe, expect, it } from 'vitest';
import { defaultUpstoxAccount } from '../accounts';
import { simulatedUpstoxToken } from '../token';
import { createUpstoxHarness, decoded, type UpstoxHarness } from '../testing/upstox-harness';

const nifty = 'NSE_INDEX|Nifty 50';

/** Keys of the first `count` options of NIFTY's nearest chain around the middle. */
function optionKeys({ simulator: { market } }: UpstoxHarness, count: number, from = 200): string[] {
  const underlying = market.underlying('NIFTY');
  const chain = underlying && market.chain(underlying, market.expiries(underlying)[0] ?? '');
  const first = (chain?.firstId ?? 0) + from;
  return Array.from({ length: count }, (_, index) => `NSE_FO|${first + index}`);
}

interface Full {
  fullFeed: { marketFF?: Record<string, unknown>; indexFF?: Record<string, unknown> };
}
const ltpcOf = (feed: unknown): { ltp: number; ltt: number; cp: number } =>
  (feed as { ltpc: { ltp: number; ltt: number; cp: number } }).ltpc;

describe('the feed', () => {
  it('tells which segments trade before anything is asked for', async () => {
    const client = await createUpstoxHarness().connect();
    expect(client.messages()).toMatchObject([
      { type: 'market_info', marketInfo: { segmentStatus: { NSE_FO: 'NORMAL_OPEN' } } },
    ]);
  });

  it('answers a subscription with a snapshot whose type is not on the wire', async () => {
    const harness = createUpstoxHarness({ rates: { ticksPerSecond: 0 } });
    const client = await harness.connect();
    const keys = optionKeys(harness, 3);
    client.send('sub', [...keys, nifty], 'full');
    await harness.clock.advance(100);
    const [, frame = new Uint8Array()] = client.frames;
    expect(new Reader(frame).uint32()).toBe((2 << 3) | 2);
    const message = decoded(frame);
    expect(Object.keys(message.feeds ?? {})).toEqual([...keys, nifty]);
    expect(message.feeds?.[nifty]?.requestMode).toBe('full_d5');
    expect((message.feeds?.[nifty] as unknown as Full).fullFeed).toMatchObject({
      indexFF: { ltpc: { ltp: expect.any(Number) } },
    });
    expect(client.frames).toHaveLength(2);
  });

  it('equals the truth in every mode, with zeros left out', async () => {
    const harness = createUpstoxHarness({ rates: { ticksPerSecond: 3_000 } });
    const { clock, simulator } = harness;
    const client = await harness.connect();
    const [one = '', other = '', third = ''] = optionKeys(harness, 3, 230);
    client.send('sub', [one], 'full');
    client.send('sub', [other], 'option_greeks');
    client.send('sub', [third]);
    await clock.advance(3_000);
    simulator.pause(true);
    await clock.advance(50);
    const latest = client.latest();
    const truthOf = (key: string) =>
      simulator.truth.contract('NSE_FNO', Number(key.split('|')[1]));
    const full = (latest.get(one) as unknown as Full).fullFeed.marketFF as {
      ltpc: { ltp: number; ltt: number }; oi: number; vtt: number; iv: number;
      marketLevel: { bidAskQuote: { bidQ: number; bidP: number; askP: number }[] };
      optionGreeks: { delta: number; gamma: number; theta: number };
      marketOHLC: { ohlc: { interval: string; high: number }[] };
    };
    const truth = truthOf(one);
    expect(full).toMatchObject({
      ltpc: { ltp: truth?.ltp, ltt: Math.floor(truth?.tradeTime ?? 0), cp: truth?.close },
      oi: truth?.oi, vtt: truth?.volume,
      marketOHLC: { ohlc: [{ interval: '1d', high: truth?.high, low: truth?.low }] },
    });
    expect(full.marketLevel.bidAskQuote).toHaveLength(5);
    expect(full.marketLevel.bidAskQuote[0]).toEqual({
      bidQ: truth?.bidQty, bidP: truth?.bid, askQ: truth?.askQty, askP: truth?.ask,
    });
    expect([full.iv > 0.05 && full.iv < 1, full.optionGreeks.theta < 0]).toEqual([true, true]);
    expect(latest.get(other)).toMatchObject({
      requestMode: 'option_greeks',
      firstLevelWithGreeks: { oi: truthOf(other)?.oi, firstDepth: { bidP: truthOf(other)?.bid } },
    });
    expect(ltpcOf(latest.get(third)).ltp).toBe(truthOf(third)?.ltp);
    expect(latest.get(third)).not.toHaveProperty('requestMode');
  });

  it('sends live what has changed, and only that', async () => {
    const harness = createUpstoxHarness({ rates: { ticksPerSecond: 50 } });
    const client = await harness.connect();
    const keys = optionKeys(harness, 100, 180);
    client.send('sub', keys, 'option_greeks');
    await harness.clock.advance(2_000);
    const live = client.messages().filter(({ type }) => type === 'live_feed');
    expect(live.length).toBeGreaterThan(20);
    expect(Math.max(...live.map(({ feeds = {} }) => Object.keys(feeds).length))).toBeLessThan(10);
    const sinceMs = harness.clock.wallMs() - 3_000;
    expect(live.every(({ currentTs = 0 }) => currentTs > sinceMs)).toBe(true);
  });

  it('takes another mode by either method, and forgets what is taken back', async () => {
    const harness = createUpstoxHarness();
    const client = await harness.connect();
    const [one = '', other = ''] = optionKeys(harness, 2, 230);
    const modes = (): (string | undefined)[] => [one, other].map((key) =>
      client.latest().get(key)?.['requestMode'] as string | undefined);
    client.send('sub', [one, other], 'ltpc');
    client.send('sub', [one], 'full');
    client.send('change_mode', [other], 'option_greeks');
    client.send('change_mode', [nifty], 'full');
    await harness.clock.advance(1_000);
    expect(modes()).toEqual(['full_d5', 'option_greeks']);
    expect(client.latest().has(nifty)).toBe(false);
    client.send('unsub', [one, other]);
    await harness.clock.advance(50);
    const seen = client.frames.length;
    await harness.clock.advance(3_000);
    expect([client.frames.length, harness.simulator.status().watched]).toEqual([seen, 0]);
  });

  it('passes over texts, wrong keys and modes that are not for everybody', async () => {
    const harness = createUpstoxHarness();
    const client = await harness.connect();
    const [key = ''] = optionKeys(harness, 1);
    client.socket.send(JSON.stringify({ method: 'sub', data: { instrumentKeys: [key] } }));
    client.send('sub', ['NSE_FO|1', 'NSE_INDEX|nifty 50', 'nonsense'], 'full');
    client.send('sub', [key], 'full_d30');
    client.send('sub', [key], 'everything');
    client.socket.send(new Uint8Array([1, 2, 3]));
    await harness.clock.advance(1_000);
    expect([client.frames.length, client.closed]).toEqual([1, undefined]);
    expect(harness.simulator.violations().total).toBe(0);
  });

  it('holds each mode to its keys, to fewer beside others, and counts what is over', async () => {
    const harness = createUpstoxHarness({ rates: { ticksPerSecond: 0 } });
    const client = await harness.connect();
    const { market } = harness.simulator;
    const keys = market.underlyings.flatMap((underlying) => market.expiries(underlying)
      .flatMap((expiry) => market.chain(underlying, expiry)?.strikesPaise.flatMap((_, index) => {
        const chain = market.chain(underlying, expiry);
        return [`${chain?.place}|${(chain?.firstId ?? 0) + 2 * index}`];
      }) ?? []));
    client.send('sub', keys.slice(0, 1_499), 'full');
    client.send('sub', [nifty], 'ltpc');
    client.send('sub', keys.slice(1_499, 1_510), 'full');
    await harness.clock.advance(100);
    const [socket] = harness.simulator.status().faces.upstox.sockets;
    expect(socket?.instruments).toBe(1_501);
    expect(harness.simulator.violations()).toMatchObject({
      total: 10, byKind: { upstox_feed_keys: 10 }, recent: { length: 10 },
    });
    expect(harness.simulator.violations().recent[0]?.broker).toBe('upstox');
  });
});

describe('the way in', () => {
  it('takes an address once', async () => {
    const harness = createUpstoxHarness();
    const { authorized_redirect_uri: url, authorizedRedirectUri: older } =
      await harness.data<Record<string, string>>('/v3/feed/market-data-feed/authorize');
    expect(older).toBe(url);
    const [first, second] = [await harness.connect(url), await harness.connect(url)];
    expect([first.refused, second.refused]).toEqual([undefined, 403]);
    expect((await harness.connect('ws://upstox.test/elsewhere')).refused).toBe(404);
  });

  it('sends a signed-in caller on with 307, and any other away with 401', async () => {
    const harness = createUpstoxHarness();
    const url = 'ws://upstox.test/v3/feed/market-data-feed';
    expect((await harness.connect(url)).refused).toBe(307);
    harness.headers['authorization'] = 'Bearer nonsense';
    expect((await harness.connect(url)).refused).toBe(401);
  });

  it('allows two connections, five with Plus', async () => {
    const plus = { ...defaultUpstoxAccount, isPlus: true };
    for (const [account, most] of [[defaultUpstoxAccount, 2], [plus, 5]] as const) {
      const harness = createUpstoxHarness({ upstox: { accounts: [account] } });
      for (let count = 0; count < most; count++) {
        expect((await harness.connect()).refused).toBeUndefined();
      }
      expect((await harness.connect()).refused).toBe(403);
      expect(harness.simulator.violations().byKind).toEqual({ upstox_connections: 1 });
    }
  });

  it('counts a loop of refusals', async () => {
    const harness = createUpstoxHarness();
    for (let round = 0; round < 11; round++) {
      await harness.connect('ws://upstox.test/market-data-feeder/v3/upstox-developer-api/feeds');
    }
    expect(harness.simulator.violations().byKind).toEqual({ upstox_auth_loop: 1 });
  });

  it('ends connections at 03:30 with the token, for REST too', async () => {
    const tokenExpiresAt = Date.parse('2026-11-22T03:30:00+05:30');
    const token = simulatedUpstoxToken('SIM001', 0, tokenExpiresAt);
    const account = { ...defaultUpstoxAccount, token, tokenExpiresAt };
    const harness = createUpstoxHarness({ upstox: { accounts: [account] } });
    harness.headers['authorization'] = `Bearer ${token}`;
    const client = await harness.connect();
    await harness.clock.advance(tokenExpiresAt - harness.clock.wallMs() - 1_000);
    expect(client.closed).toBeUndefined();
    await harness.clock.advance(2_000);
    expect(client.closed).toBe(1006);
    expect((await harness.call('/v2/user/profile')).status).toBe(401);
    const url = 'ws://upstox.test/v3/feed/market-data-feed';
    expect((await harness.connect(url)).refused).toBe(401);
  });

  it('pings an idle client, and tells when a segment closes', async () => {
    const hours = { openMinute: 9 * 60, closeMinute: 11 * 60 };
    const harness = createUpstoxHarness({
      sessions: {
        kind: 'hours', eras: [{ from: '2000-01-01', cash: hours, derivatives: hours }],
        extraDays: ['2026-11-21'],
      },
    });
    const client = await harness.connect();
    await harness.clock.advance(31 * 60_000);
    expect(client.pings).toBe(186);
    expect(client.messages().map(({ marketInfo }) => marketInfo?.segmentStatus['NSE_FO'])).toEqual([
      'NORMAL_OPEN', 'NORMAL_CLOSE',
    ]);
  });
});
