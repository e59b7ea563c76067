import fc from 'fast-check';
import { createRecordingSink } from '@strikewire/broker/conformance';
import { bookAt, bookInts, field, levelInts, noVolume } from '@strikewire/market-data';
import { describe, expect, it } from 'vitest';
import {
  authenticated,
  depthFigures,
  errorOf,
  frameOf,
  otherBook,
  tickOf,
} from '../fixtures/ticks';
import { WireId } from '../map/wire-id';
import { OpenalgoFeedDecoder } from './feed-decoder';

const option = ['NFO', 'NIFTY24NOV2624500CE'] as const;
const index = ['NSE_INDEX', 'NIFTY'] as const;
const numbersOf = (exchange: string, symbol: string): string => {
  const wire = new WireId();
  wire.read(exchange, symbol);
  return `${wire.segment}:${wire.id}`;
};
const slots = new Map([[numbersOf(...option), 7], [numbersOf(...index), 3]]);

function setUp() {
  const sink = createRecordingSink();
  const decoder = new OpenalgoFeedDecoder();
  decoder.bind({ get: (segment, id) => slots.get(`${segment}:${id}`) ?? -1 }, sink);
  const feed = (message: unknown) => decoder.decode(frameOf(message), false);
  return { decoder, feed, store: sink.store, commits: sink.commits };
}

const levelOf = ({ store }: ReturnType<typeof setUp>, slot: number, level: number): number[] => {
  const at = slot * bookInts + level * levelInts;
  const names = ['bidPaise', 'bidQty', 'askPaise', 'askQty', 'orders'] as const;
  return names.map((name) => store.book[at + bookAt[name]]!);
};

describe('ticks', () => {
  it('of depth tell everything', () => {
    const set = setUp();
    expect(set.feed(tickOf(...option, depthFigures))).toBeUndefined();
    expect(set.decoder.counters).toEqual({ packets: 1, unknownInstrument: 0, malformed: 0 });
    expect(set.commits).toEqual([{
      slot: 7,
      fields: field.ltp | field.tradeTime | field.lastQty | field.averagePrice | field.volume |
        field.totals | field.dayRange | field.close | field.oi | field.oiRange | field.depth,
      tradeMs: Date.parse('2026-11-24T09:49:57+05:30'),
      volume: 117_567_970,
    }]);
    const { store } = set;
    expect([store.ltpPaise[7], store.averagePaise[7], store.closePaise[7]])
      .toEqual([13_405, 14_699, 24_485]);
    expect([store.openPaise[7], store.highPaise[7], store.lowPaise[7]])
      .toEqual([21_000, 21_550, 9_825]);
    expect([store.lastQty[7], store.volume[7], store.oi[7]]).toEqual([65, 117_567_970, 3_786_445]);
    expect([store.oiHigh[7], store.oiLow[7]]).toEqual([4_012_300, 402_220]);
    expect([store.totalBuyQty[7], store.totalSellQty[7]]).toEqual([905_125, 812_500]);
    expect(levelOf(set, 7, 0)).toEqual([13_355, 1_625, 13_410, 1_365, 5 + 4 * 65_536]);
    expect(levelOf(set, 7, 2)).toEqual([13_345, 65, 0, 0, 65_535]);
    expect(levelOf(set, 7, 4)).toEqual([0, 0, 0, 0, 0]);
  });

  it.each([['there', { depth: otherBook }], ['beside', otherBook]])(
    'may name the book\'s sides otherwise, %s',
    (_where, figures) => {
      const set = setUp();
      set.feed(tickOf(...option, { ltp: 134.05, ...figures }));
      expect(levelOf(set, 7, 0)).toEqual([13_355, 1_625, 13_410, 1_365, 0]);
      expect(set.commits[0]).toMatchObject({ fields: field.ltp | field.depth, volume: noVolume });
    },
  );

  it('tell of an index what there is, and leave the rest as it was', () => {
    const set = setUp();
    set.store.volume[3] = 5;
    set.feed(tickOf(...index, { ltp: 24_567.35, ltt: 1_795_493_997_123, prev_close: 24_500.1 }));
    expect(set.commits).toEqual([{
      slot: 3,
      fields: field.ltp | field.tradeTime | field.close,
      tradeMs: Date.parse('2026-11-24T09:49:57.123+05:30'),
      volume: noVolume,
    }]);
    expect([set.store.ltpPaise[3], set.store.closePaise[3], set.store.volume[3]])
      .toEqual([2_456_735, 2_450_010, 5]);
  });

  it.each([0, -1, 7, 1e18, '1795493997', '2026-11-24 09:49:57', null])(
    'do not take %o for the time of a trade',
    (ltt) => {
      const set = setUp();
      set.feed(tickOf(...index, { ltp: 1, ltt, timestamp: 1_795_493_997_123 }));
      expect(set.commits[0]).toMatchObject({ fields: field.ltp, tradeMs: 0 });
    },
  );

  it('read figures that cannot be as none', () => {
    const set = setUp();
    const odd = { ltp: -5, volume: -1, oi: 1e300, close: 0, open: 'x', high: 1, low: 1 };
    const book = { depth: { buy: [null, { price: -1, quantity: 2 ** 60 }], sell: [] } };
    set.feed(tickOf(...option, { ...odd, ...book }));
    expect(set.commits[0]).toMatchObject({
      fields: field.ltp | field.volume | field.oi | field.depth, volume: 0,
    });
    expect([set.store.ltpPaise[7], set.store.oi[7]]).toEqual([0, 0]);
    expect(levelOf(set, 7, 1)).toEqual([0, 0, 0, 0, 0]);
  });

  it('of unknown instruments are counted', () => {
    const set = setUp();
    set.feed(tickOf('BFO', option[1], { ltp: 1 }));
    set.feed(tickOf('NFO', 'OTHER', { ltp: 1 }));
    expect(set.decoder.counters).toEqual({ packets: 2, unknownInstrument: 2, malformed: 0 });
    expect(set.commits).toEqual([]);
  });

  it('tell instruments apart by both of their texts', () => {
    const exchanges = ['NSE', 'NFO', 'BFO', 'MCX', 'NSE_INDEX'];
    const symbols = Array.from({ length: 4_000 }, (_, at) => `NIFTY24NOV26${20_000 + at * 5}CE`);
    const all = exchanges.flatMap((exchange) => symbols.map((one) => numbersOf(exchange, one)));
    expect(new Set(all).size).toBe(20_000);
    expect(numbersOf('NSE', 'AB')).not.toBe(numbersOf('NSEA', 'B'));
    for (const numbers of all) expect(Number(numbers.split(':')[0])).toBeLessThan(32_767);
  });
});

describe('other messages', () => {
  it.each([
    [authenticated, { kind: 'ready' }],
    [{ type: 'auth', status: 'error', message: 'Invalid key' },
      { kind: 'auth', reason: 'authentication failed: Invalid key' }],
    [errorOf('AUTHENTICATION_ERROR'),
      { kind: 'auth', reason: 'AUTHENTICATION_ERROR: what it says' }],
    [errorOf('AUTHENTICATION_ERROR', 'User account is blocked'),
      { kind: 'suspended', reason: 'AUTHENTICATION_ERROR: User account is blocked' }],
    [errorOf('NOT_AUTHENTICATED'), { kind: 'auth', reason: 'NOT_AUTHENTICATED: what it says' }],
    [errorOf('BROKER_INIT_ERROR'), { kind: 'other', reason: 'BROKER_INIT_ERROR: what it says' }],
    [errorOf('BROKER_CONNECTION_ERROR'),
      { kind: 'other', reason: 'BROKER_CONNECTION_ERROR: what it says' }],
  ])('%o tell %o', (message, news) => {
    const set = setUp();
    expect(set.feed(message)).toEqual(news);
    expect(set.decoder.counters.malformed).toBe(0);
  });

  it.each([
    [errorOf('BROKER_ERROR'), 1],
    [errorOf('INVALID_PARAMETERS'), 1],
    [{ type: 'subscribe', status: 'partial', subscriptions: [] }, 0],
    [{ type: 'pong' }, 0],
    [{ type: 'what' }, 0],
    [{}, 0],
    ['[]', 1],
    ['null', 1],
    ['7', 1],
    ['{"type":"market_data"', 1],
    ['{"type":"market_data","ltp":NaN}', 1],
    [tickOf('NFO', 'X', null), 1],
    [tickOf('NFO', 'X', []), 1],
    [{ ...tickOf('NFO', 'X', {}), symbol: 7 }, 1],
  ])('%o are none, and counted when they are wrong (%d)', (message, malformed) => {
    const set = setUp();
    expect(set.feed(message)).toBeUndefined();
    expect(set.decoder.counters).toMatchObject({ packets: 0, malformed });
  });

  it('in bytes are none', () => {
    const { decoder } = setUp();
    expect(decoder.decode(frameOf(authenticated), true)).toBeUndefined();
    expect(decoder.counters.malformed).toBe(1);
  });
});

describe('broken frames', () => {
  it('never make it throw', () => {
    const set = setUp();
    const whole = frameOf(tickOf(...option, depthFigures));
    for (let kept = 0; kept < whole.length; kept += 7) {
      expect(() => set.decoder.decode(whole.subarray(0, kept), false)).not.toThrow();
    }
    expect(set.commits).toEqual([]);
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.json().map(frameOf)), (bytes) => {
        expect(() => set.decoder.decode(bytes, false)).not.toThrow();
      }),
      { seed: 71, numRuns: 2_000 },
    );
  });

  it('never make it throw, whatever a tick has in it', () => {
    const set = setUp();
    const names = Object.keys({ ...depthFigures, ...otherBook });
    const data = fc.dictionary(fc.constantFrom(...names, 'prev_close'), fc.jsonValue());
    fc.assert(
      fc.property(data, (figures) => {
        const before = set.commits.length;
        expect(() => set.feed(tickOf(...option, figures))).not.toThrow();
        expect(set.commits.length).toBe(before + 1);
      }),
      { seed: 72, numRuns: 2_000 },
    );
  });
});
