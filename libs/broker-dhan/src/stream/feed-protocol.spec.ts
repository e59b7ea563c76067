import type { FeedAddress, FeedItem, FeedProtocol } from '@strikewire/broker';
import { describe, expect, it } from 'vitest';
import { createDhanFeed } from './feed-protocol';

const credentials = { clientId: '1000000001', accessToken: 'eyJ0eXAi.a+b/c=.&d' };

function createFeed(feed = 'wss://feed.example') {
  const endpoints = {
    rest: 'https://rest.example/v2',
    feed,
    auth: 'https://auth.example',
    master: 'https://files.example/m',
  };
  return createDhanFeed({ credentials, endpoints });
}

const items = (count: number, mode: FeedItem['mode'], segment = 'NSE_FNO'): FeedItem[] =>
  Array.from({ length: count }, (_, index) => ({
    token: { segment, id: String(40_000 + index) },
    mode,
  }));

interface Request {
  RequestCode: number;
  InstrumentCount: number;
  InstrumentList: { ExchangeSegment: string; SecurityId: string }[];
}

const parse = (messages: readonly (string | Uint8Array)[]): Request[] =>
  messages.map((message) => JSON.parse(message as string) as Request);

const addressOf = (feed: FeedProtocol): string => (feed.address() as FeedAddress).url;

describe('the address', () => {
  it('carries the four parameters, escaped', () => {
    const feed = createFeed();
    expect(Object.fromEntries(new URL(addressOf(feed)).searchParams)).toEqual({
      version: '2',
      token: credentials.accessToken,
      clientId: '1000000001',
      authType: '2',
    });
  });

  it('keeps host, port and path of a simulator', () => {
    const url = new URL(addressOf(createFeed('ws://127.0.0.1:4010/feed')));
    expect([url.host, url.pathname]).toEqual(['127.0.0.1:4010', '/feed']);
  });
});

describe('messages', () => {
  it('names at most 100 instruments each, every one once, with ids as text', () => {
    const wanted = [...items(2, 'quote', 'IDX_I'), ...items(250, 'full')];
    const requests = parse(createFeed().subscribe(wanted));
    expect(requests.map(({ RequestCode }) => RequestCode)).toEqual([17, 21, 21, 21]);
    for (const { InstrumentCount, InstrumentList } of requests) {
      expect(InstrumentCount).toBe(InstrumentList.length);
      expect(InstrumentCount).toBeLessThanOrEqual(100);
      expect(InstrumentList.every(({ SecurityId }) => typeof SecurityId === 'string')).toBe(true);
    }
    const named = requests.flatMap(({ InstrumentList }) => InstrumentList);
    expect(named).toEqual(
      wanted.map(({ token }) => ({ ExchangeSegment: token.segment, SecurityId: token.id })),
    );
  });

  it('has codes of its own to unsubscribe, and nothing to say about nothing', () => {
    const feed = createFeed();
    const wanted = [...items(1, 'quote'), ...items(1, 'full')];
    expect(parse(feed.unsubscribe(wanted)).map((one) => one.RequestCode)).toEqual([18, 22]);
    expect(feed.subscribe([])).toEqual([]);
  });

  it('names commodities by their segment', () => {
    const [request] = parse(createFeed().subscribe(items(1, 'full', 'MCX_COMM')));
    expect(request?.InstrumentList).toEqual([{ ExchangeSegment: 'MCX_COMM', SecurityId: '40000' }]);
  });

  it('gives the wire its numbers', () => {
    const feed = createFeed();
    const wire = (segment: string) => feed.wireId({ segment, id: '42528' });
    expect(wire('NSE_FNO')).toEqual({ segment: 2, id: 42_528 });
    expect(wire('IDX_I').segment).toBe(0);
    expect(wire('BSE_FNO').segment).toBe(8);
    expect(wire('MCX_COMM').segment).toBe(5);
    expect(wire('MARS').segment).toBe(-1);
  });
});

describe('ends', () => {
  it.each([
    [{ httpStatus: 429 }, 'throttled'],
    [{ httpStatus: 401 }, 'auth'],
    [{ httpStatus: 403 }, 'auth'],
    [{ httpStatus: 500 }, 'other'],
    [{ httpStatus: 0 }, 'other'],
    [{ closeCode: 1006 }, 'other'],
    [{ closeCode: 1000 }, 'other'],
  ])('%o is %s', (end, kind) => {
    expect(createFeed().classifyEnd(end)).toBe(kind);
  });
});
