import type { FeedItem } from '@strikewire/broker';
import { describe, expect, it } from 'vitest';
import { createAccount, credentials } from '../testing/openalgo-account';
import { openalgoBroker } from '../plugin';

const { feed } = createAccount(() => '{}');

const items = (count: number, mode: FeedItem['mode'], segment = 'NFO'): FeedItem[] =>
  Array.from({ length: count }, (_, index) => ({
    token: { segment, id: `NIFTY24NOV26${20_000 + index * 50}CE` },
    mode,
  }));

interface Message {
  action: string;
  mode?: number;
  symbols: { symbol: string; exchange: string; mode?: number }[];
}

const parse = (messages: readonly (string | Uint8Array)[]): Message[] =>
  messages.map((message) => JSON.parse(message as string) as Message);

describe('the connection', () => {
  it('begins with the key, and waits for its answer', () => {
    expect(feed.address()).toEqual({ url: 'ws://algo.example:8765' });
    expect(feed.awaitsReady).toBe(true);
    expect(feed.hello?.().map((text) => JSON.parse(String(text)) as unknown))
      .toEqual([{ action: 'authenticate', api_key: credentials.apiKey }]);
  });

  it.each([
    [{ closeCode: 4401 }, 'auth'],
    [{ httpStatus: 401 }, 'auth'],
    [{ httpStatus: 403 }, 'auth'],
    [{ httpStatus: 429 }, 'throttled'],
    [{ httpStatus: 502 }, 'other'],
    [{ httpStatus: 0 }, 'other'],
    [{ closeCode: 1006 }, 'other'],
    [{ closeCode: 1000 }, 'other'],
  ])('that ends with %o ended by %s', (end, kind) => {
    expect(feed.classifyEnd(end)).toBe(kind);
  });
});

describe('messages', () => {
  it('are of one mode each, and name at most 500 instruments, every one once', () => {
    const wanted = [...items(2, 'quote', 'NSE_INDEX'), ...items(1_001, 'full')];
    const messages = parse(feed.subscribe(wanted));
    expect(messages.map(({ action, mode, symbols }) => [action, mode, symbols.length])).toEqual([
      ['subscribe', 2, 2], ['subscribe', 3, 500], ['subscribe', 3, 500], ['subscribe', 3, 1],
    ]);
    expect(messages.flatMap(({ symbols }) => symbols))
      .toEqual(wanted.map(({ token }) => ({ symbol: token.id, exchange: token.segment })));
  });

  it('unsubscribe each instrument in its mode, and say nothing about nothing', () => {
    const [quote, full] = parse(feed.unsubscribe([...items(1, 'quote'), ...items(1, 'full')]));
    const named = { symbol: 'NIFTY24NOV2620000CE', exchange: 'NFO' };
    expect(quote).toEqual({ action: 'unsubscribe', symbols: [{ ...named, mode: 2 }] });
    expect(full).toEqual({ action: 'unsubscribe', symbols: [{ ...named, mode: 3 }] });
    expect([feed.subscribe([]), feed.unsubscribe([])]).toEqual([[], []]);
  });

  it('stay within what all clients of a deployment share', () => {
    expect(openalgoBroker.limits.feed).toMatchObject({
      socketsMax: 2, socketsPlanned: 1, instrumentsPerSocketMax: 3_000,
    });
  });
});
