import { createRecordingSink } from '@strikewire/broker/conformance';
import { bookAt, bookInts, field, levelInts, noVolume } from '@strikewire/market-data';
import { describe, expect, it } from 'vitest';
import {
  bytesOf,
  double,
  doubleZero,
  entry,
  frame,
  goldenHex,
  indexFull,
  int,
  intZero,
  ltpc,
  marketFull,
  marketInfo,
  message,
  quoteOf,
  ranges,
  requestMode,
  text,
  type Bytes,
  type Level,
} from '../fixtures/frames';
import { wireIdOf } from '../map/wire-key-decoder';
import { UpstoxFeedDecoder } from './feed-decoder';

const option = 'NSE_FO|43919';
const index = 'NSE_INDEX|Nifty 50';
const share = 'NSE_EQ|INE002A01018';
const slots = new Map([[option, 7], [index, 3], [share, 9]].map(([key, slot]) => {
  const [segment, id] = String(key).split('|') as [string, string];
  const wire = wireIdOf({ segment, id });
  return [`${wire.segment}:${wire.id}`, Number(slot)];
}));

function setUp() {
  const sink = createRecordingSink();
  const decoder = new UpstoxFeedDecoder();
  decoder.bind({ get: (segment, id) => slots.get(`${segment}:${id}`) ?? -1 }, sink);
  const feed = (...entries: readonly Bytes[]): void => {
    expect(decoder.decode(frame(entries), true)).toBeUndefined();
  };
  return { decoder, feed, store: sink.store, commits: sink.commits };
}

const tradedMs = Date.parse('2026-11-24T09:49:57.123+05:30');
const level: Level = [133.55, 1_625, 134.1, 1_365];
const fiveLevels: readonly Level[] = [
  level, [133.5, 130, 134.15, 65], [133.45, 65, 134.2, 195], [133.4, 0, 134.25, 260],
  [133.35, 325, 0, 0],
];
const fullPrice = ltpc(1, { ltp: 134.05, ltt: tradedMs, ltq: 65, cp: 244.85 });
const day = ranges(4,
  { interval: 'I1', ohlc: [133, 135, 132, 134] },
  { interval: '1d', ohlc: [210, 215.5, 98.25, 134.05] });
const levels = (number: number, all: readonly Level[]): Bytes =>
  message(number, ...all.map((one) => quoteOf(1, one)));
const bookOf = ({ store }: ReturnType<typeof setUp>, slot: number): Level[] =>
  Array.from({ length: 5 }, (_, at) => {
    const start = slot * bookInts + at * levelInts;
    const figure = (name: keyof typeof bookAt): number => store.book[start + bookAt[name]]!;
    return [
      figure('bidPaise') / 100, figure('bidQty'), figure('askPaise') / 100, figure('askQty'),
    ];
  });

describe('golden frame', () => {
  it('is read to the last figure', () => {
    const set = setUp();
    set.decoder.decode(bytesOf(goldenHex), true);
    expect(set.decoder.counters).toEqual({ packets: 1, unknownInstrument: 0, malformed: 0 });
    expect(set.commits).toEqual([{
      slot: 7,
      fields: field.ltp | field.tradeTime | field.lastQty | field.close | field.averagePrice |
        field.volume | field.oi | field.depth | field.totals,
      tradeMs: tradedMs,
      volume: 117_567_970,
    }]);
    const { store } = set;
    expect([store.ltpPaise[7], store.lastQty[7]]).toEqual([13_405, 65]);
    expect(store.closePaise[7]).toBe(24_485);
    expect([store.averagePaise[7], store.volume[7]]).toEqual([14_699, 117_567_970]);
    expect(store.oi[7]).toBe(3_786_445);
    expect(bookOf(set, 7)).toEqual([level, ...Array<Level>(4).fill([0, 0, 0, 0])]);
  });
});

describe('mode full', () => {
  it('tells everything of a contract, in whatever order', () => {
    const parts = [
      double(10, 812_500), double(9, 905_125), double(7, 3_786_445), int(6, 117_567_970),
      double(5, 146.99), day, levels(2, fiveLevels), fullPrice,
    ];
    for (const ordered of [parts, [...parts].reverse()]) {
      const set = setUp();
      set.feed(entry(option, requestMode(1), marketFull(...ordered)));
      const { store, commits } = set;
      expect(commits[0]?.fields).toBe(
        field.ltp | field.tradeTime | field.lastQty | field.close | field.averagePrice |
        field.volume | field.oi | field.depth | field.totals | field.dayRange,
      );
      expect([store.openPaise[7], store.highPaise[7], store.lowPaise[7]])
        .toEqual([21_000, 21_550, 9_825]);
      expect([store.totalBuyQty[7], store.totalSellQty[7]]).toEqual([905_125, 812_500]);
      expect(bookOf(set, 7)).toEqual(fiveLevels);
    }
  });

  it('keeps five of thirty levels', () => {
    const set = setUp();
    const thirty = Array.from({ length: 30 }, (_, at): Level => [133 - at, at + 1, 134 + at, 2]);
    set.feed(entry(option, requestMode(3), marketFull(fullPrice, levels(2, thirty))));
    expect(bookOf(set, 7)).toEqual(thirty.slice(0, 5));
  });

  it('takes a missing figure beside a price for zero, as it takes one that is written', () => {
    const zeros = [intZero(6), doubleZero(7), doubleZero(5), doubleZero(9), doubleZero(10)];
    for (const written of [[], zeros]) {
      const set = setUp();
      set.store.volume[7] = 5;
      set.store.oi[7] = 6;
      set.store.averagePaise[7] = 7;
      set.feed(entry(option, marketFull(message(1, doubleZero(1), intZero(2)), ...written)));
      expect(set.commits).toEqual([{
        slot: 7,
        fields: field.ltp | field.tradeTime | field.lastQty | field.volume | field.oi |
          field.averagePrice | field.totals,
        tradeMs: 0,
        volume: 0,
      }]);
      expect([set.store.volume[7], set.store.oi[7], set.store.averagePaise[7]]).toEqual([0, 0, 0]);
    }
  });

  it('carries on with the price when a tick has the book alone', () => {
    const set = setUp();
    set.feed(entry(option, marketFull(fullPrice, int(6, 900), double(7, 700), levels(2, [level]))));
    set.feed(entry(option, marketFull(levels(2, fiveLevels))));
    expect(set.commits[1]).toMatchObject({ fields: field.depth, tradeMs: 0, volume: noVolume });
    const { store } = set;
    expect([store.ltpPaise[7], store.volume[7], store.oi[7]]).toEqual([13_405, 900, 700]);
    expect(bookOf(set, 7)).toEqual(fiveLevels);
  });

  it('empties the levels that a book no longer has', () => {
    const set = setUp();
    set.feed(entry(option, marketFull(fullPrice, levels(2, fiveLevels))));
    set.feed(entry(option, marketFull(levels(2, []))));
    expect(bookOf(set, 7)).toEqual(Array<Level>(5).fill([0, 0, 0, 0]));
  });

  it('tells price, close and the day of an index', () => {
    const set = setUp();
    const price = ltpc(1, { ltp: 24_567.35, ltt: tradedMs, cp: 24_500.1 });
    const range = ranges(2, { interval: '1d', ohlc: [24_510, 24_600.55, 24_480, 24_567.35] });
    set.feed(entry(index, requestMode(1), indexFull(price, range)));
    expect(set.commits).toEqual([{
      slot: 3,
      fields: field.ltp | field.tradeTime | field.close | field.dayRange,
      tradeMs: tradedMs,
      volume: noVolume,
    }]);
    const { store } = set;
    expect([store.ltpPaise[3], store.closePaise[3]]).toEqual([2_456_735, 2_450_010]);
    expect([store.openPaise[3], store.highPaise[3], store.lowPaise[3]])
      .toEqual([2_451_000, 2_460_055, 2_448_000]);
  });
});

describe('other modes', () => {
  it('tell the price alone, or the best level beside it', () => {
    const set = setUp();
    set.feed(
      entry(share, ltpc(1, { ltp: 1_290.5, ltt: tradedMs, ltq: 3, cp: 1_280 })),
      entry(option, message(3, fullPrice, quoteOf(2, level), int(4, 900), double(5, 700))),
    );
    const price = field.ltp | field.tradeTime | field.lastQty | field.close;
    expect(set.commits.map(({ slot, fields }) => [slot, fields])).toEqual([
      [9, price],
      [7, price | field.volume | field.oi | field.top],
    ]);
    expect(bookOf(set, 7)[0]).toEqual(level);
    expect(set.store.ltpPaise[9]).toBe(129_050);
  });
});

describe('frames', () => {
  it('of several instruments are told each by itself, unknown ones counted', () => {
    const set = setUp();
    const one = marketFull(fullPrice);
    set.feed(entry('NSE_FO|1', one), entry(option, one), entry('junk', one), entry(share, one));
    expect(set.commits.map(({ slot }) => slot)).toEqual([7, 9]);
    expect(set.decoder.counters).toEqual({ packets: 4, unknownInstrument: 2, malformed: 0 });
  });

  it('of another type are read alike, whichever their number', () => {
    for (const type of [0, 1, 7, 2_000]) {
      const set = setUp();
      set.decoder.decode(frame([entry(option, marketFull(fullPrice))], type), true);
      expect(set.commits).toHaveLength(1);
    }
  });

  it('with the status of markets are no ticks', () => {
    const set = setUp();
    set.decoder.decode(marketInfo, true);
    set.decoder.decode(new Uint8Array(), true);
    expect(set.decoder.counters).toEqual({ packets: 0, unknownInstrument: 0, malformed: 0 });
  });

  it('may have fields that nobody knows, anywhere and of every kind', () => {
    const odd = [
      int(99, -5), double(98, 1.5), text(97, 'what'), message(96, int(1, 1)),
      // 32 bits.
      [...int(95, 1).slice(0, 1).map((byte) => byte | 5), ...int(95, 1).slice(1, 2), 1, 2, 3, 4],
    ] as const;
    const set = setUp();
    const price = message(1, ...odd, double(1, 134.05), message(5, doubleZero(1, 7)), ...odd);
    const feed = [...odd, marketFull(...odd, price, double(11, 5), int(16, 1)), requestMode(77)];
    const parts = [...odd, message(2, text(1, option), message(2, ...feed), ...odd), ...odd];
    set.decoder.decode(Uint8Array.from(parts.flat()), true);
    expect(set.store.ltpPaise[7]).toBe(13_405);
    expect(set.decoder.counters).toEqual({ packets: 1, unknownInstrument: 0, malformed: 0 });
  });

  it('take a known number with a value of another kind for an unknown field', () => {
    const set = setUp();
    set.feed(entry(option, marketFull(message(1, int(1, 7), double(2, 9)), text(6, 'no'))));
    expect(set.decoder.counters).toEqual({ packets: 1, unknownInstrument: 0, malformed: 0 });
    expect([set.store.ltpPaise[7], set.commits[0]?.tradeMs]).toEqual([0, 0]);
  });

  it.each([
    ['negative', { ltp: -5, ltt: -1, ltq: -65, cp: -1 }],
    ['too large', { ltp: 1e12, ltt: 2 ** 60, ltq: 2 ** 60, cp: 1e300 }],
    ['no number', { ltp: NaN, cp: Infinity }],
  ])('read figures that are %s as none', (_what, price) => {
    const set = setUp();
    set.feed(entry(option, marketFull(ltpc(1, price), int(6, -9), double(7, -1))));
    const { store, commits } = set;
    expect([store.ltpPaise[7], store.lastQty[7], store.closePaise[7]]).toEqual([0, 0, 0]);
    expect([store.volume[7], store.oi[7], commits[0]?.tradeMs]).toEqual([0, 0, 0]);
  });

  it.each([
    ['{"status":"failed","method":"sub","error":"invalid keys"}', 1],
    ['{"status":"error","errors":[]}', 1],
    ['{"status":"success"}', 0],
    ['hello', 0],
  ])('of text, %s, count as errors when they are', (message, malformed) => {
    const { decoder } = setUp();
    expect(decoder.decode(new TextEncoder().encode(message), false)).toBeUndefined();
    expect(decoder.counters.malformed).toBe(malformed);
  });
});
