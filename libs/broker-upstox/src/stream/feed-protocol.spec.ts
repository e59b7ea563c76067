import type { FeedItem } from '@strikewire/broker';
import { describe, expect, it } from 'vitest';
import { failure, html, success } from '../fixtures/answers';
import { upstoxBroker } from '../plugin';
import { createAccount, type Answer } from '../testing/upstox-account';

const feedWith = (reply: () => Answer) => createAccount(reply);
const addressOf = (reply: () => Answer) => Promise.resolve(feedWith(reply).feed.address());
const uri = 'wss://feeder.example/feeds?requestId=r-1&code=c-1';

const items = (count: number, segment = 'NSE_FO'): FeedItem[] =>
  Array.from({ length: count }, (_, index) => ({
    token: { segment, id: String(40_000 + index) },
    mode: 'full',
  }));

interface Message {
  guid: string;
  method: string;
  data: { mode?: string; instrumentKeys: string[] };
}

const parse = (messages: readonly (string | Uint8Array)[]): Message[] =>
  messages.map((message) => {
    // Text would be taken, and answered by nothing.
    expect(message).toBeInstanceOf(Uint8Array);
    return JSON.parse(new TextDecoder().decode(message as Uint8Array)) as Message;
  });

describe('the address', () => {
  it('is asked for anew each time, as the account', async () => {
    let count = 0;
    const { feed, requests, slots } = createAccount(() =>
      success({ authorized_redirect_uri: `${uri}${++count}` }));
    expect(await feed.address()).toEqual({ url: `${uri}1` });
    expect(await feed.address()).toEqual({ url: `${uri}2` });
    expect(requests.map(({ url }) => url))
      .toEqual(Array(2).fill('https://rest.example/v3/feed/market-data-feed/authorize'));
    expect(slots[0]?.class).toBe('account');
  });

  it('is found in its older spelling', async () => {
    expect(await addressOf(() => success({ authorizedRedirectUri: uri }))).toEqual({ url: uri });
  });

  it.each([
    [401, failure('UDAPI100050', 'expired'), 'unauthenticated'],
    [403, failure('UDAPI100049', 'restricted'), 'fatal'],
    [429, failure('UDAPI10005', 'slow'), 'throttled'],
    [403, html, 'retryable'],
    [500, '', 'retryable'],
    [200, success({}), 'retryable'],
    [200, success({ authorized_redirect_uri: 'https://feeder.example/' }), 'retryable'],
    [200, success({ authorized_redirect_uri: 'wss://' }), 'retryable'],
    [200, success(null), 'retryable'],
  ])('HTTP %d with %s rejects as %s', async (status, body, kind) => {
    await expect(addressOf(() => ({ status, body }))).rejects.toMatchObject({ kind });
  });
});

describe('messages', () => {
  it('name at most 500 instruments each, every one once, in mode full', () => {
    const { feed } = feedWith(() => '{}');
    const wanted = [...items(1_001), ...items(1, 'MCX_FO')];
    const messages = parse(feed.subscribe(wanted));
    expect(messages.map(({ data }) => data.instrumentKeys.length)).toEqual([500, 500, 2]);
    expect(new Set(messages.map(({ method, data }) => `${method} ${data.mode}`)))
      .toEqual(new Set(['sub full']));
    expect(messages.flatMap(({ data }) => data.instrumentKeys))
      .toEqual(wanted.map(({ token }) => `${token.segment}|${token.id}`));
    expect(new Set(messages.map(({ guid }) => guid)).size).toBe(3);
  });

  it('take indices in the same mode: another one would lower the limits', () => {
    const token = { segment: 'NSE_INDEX', id: 'Nifty 50' };
    const [message] = parse(feedWith(() => '{}').feed.subscribe([{ token, mode: 'quote' }]));
    expect(message?.data).toEqual({ mode: 'full', instrumentKeys: ['NSE_INDEX|Nifty 50'] });
  });

  it('unsubscribe without a mode, and say nothing about nothing', () => {
    const { feed } = feedWith(() => '{}');
    const [message] = parse(feed.unsubscribe(items(1)));
    expect(message).toMatchObject({ method: 'unsub', data: { instrumentKeys: ['NSE_FO|40000'] } });
    expect(message?.data).not.toHaveProperty('mode');
    expect([feed.subscribe([]), feed.unsubscribe([])]).toEqual([[], []]);
  });
});

describe('ends', () => {
  it.each([
    [{ httpStatus: 429 }, 'throttled'],
    [{ httpStatus: 401 }, 'auth'],
    [{ httpStatus: 403 }, 'too_many'],
    [{ httpStatus: 500 }, 'other'],
    [{ httpStatus: 0 }, 'other'],
    [{ closeCode: 1006 }, 'other'],
    [{ closeCode: 1000 }, 'other'],
  ])('%o is %s', (end, kind) => {
    expect(feedWith(() => '{}').feed.classifyEnd(end)).toBe(kind);
  });
});

describe('limits', () => {
  it('have three windows per class, each longer than the broker\'s', () => {
    for (const name of ['chain', 'quote', 'account']) {
      const rules = upstoxBroker.limits.rest.filter((rule) => rule.class === name);
      expect(rules.map(({ limit }) => limit)).toEqual([50, 500, 2_000]);
      const windows = [1_000, 60_000, 1_800_000];
      rules.forEach(({ windowMs }, at) => expect(windowMs).toBeGreaterThan(windows[at]!));
    }
    expect(upstoxBroker.limits.feed).toMatchObject({
      socketsMax: 2, socketsPlanned: 2, instrumentsPerSocketMax: 2_000,
    });
  });
});
