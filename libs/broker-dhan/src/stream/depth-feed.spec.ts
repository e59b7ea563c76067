import type { DepthFeed, FeedAddress } from '@strikewire/broker';
import { describe, expect, it } from 'vitest';
import { createDhanDepthFeed } from './depth-feed';

const credentials = { clientId: '1000000001', accessToken: 'eyJ0eXAi.a+b/c=.&d' };
const endpoints = {
  rest: 'https://rest.example/v2',
  feed: 'wss://feed.example',
  auth: 'https://auth.example',
  master: 'https://files.example/m',
};
const depth = 'wss://depth.example/twentydepth';

function feedOf(): DepthFeed {
  return createDhanDepthFeed({ credentials, endpoints: { ...endpoints, depth } }) as DepthFeed;
}

const tokens = Array.from({ length: 120 }, (_, index) => (
  { segment: 'NSE_FNO', id: String(40_000 + index) }));

describe('the 20-level feed', () => {
  it('is of the address that is given, and there is none without', () => {
    const { url } = feedOf().protocol.address() as FeedAddress;
    const { origin, pathname, searchParams } = new URL(url);
    expect([origin, pathname]).toEqual(['wss://depth.example', '/twentydepth']);
    expect(Object.fromEntries(searchParams)).toEqual({
      token: credentials.accessToken, clientId: credentials.clientId, authType: '2',
    });
    expect(createDhanDepthFeed({ credentials, endpoints })).toBeUndefined();
  });

  const codes = [['subscribe', 23], ['unsubscribe', 24]] as const;
  it.each(codes)('%s: %i, fifty to a message', (name, code) => {
    const sent = feedOf().protocol[name](tokens).map((one) => JSON.parse(one as string) as {
      RequestCode: number; InstrumentCount: number; InstrumentList: object[];
    });
    expect(sent.map(({ RequestCode }) => RequestCode)).toEqual([code, code, code]);
    expect(sent.map(({ InstrumentCount }) => InstrumentCount)).toEqual([50, 50, 20]);
    const list = sent.flatMap(({ InstrumentList }) => InstrumentList);
    expect(list).toHaveLength(120);
    expect(list[119]).toEqual({ ExchangeSegment: 'NSE_FNO', SecurityId: '40119' });
  });

  it('reads refused handshakes as the market feed does', () => {
    const { protocol } = feedOf();
    expect([401, 429, 500].map((httpStatus) => protocol.classifyEnd({ httpStatus }))).toEqual(
      ['auth', 'throttled', 'other']);
  });
});
