import { createRecordingSink, type Commit } from '@strikewire/broker/conformance';
import { bookAt, bookInts, field, levelInts, type QuoteStore } from '@strikewire/market-data';
import { describe, expect, it } from 'vitest';
import {
  bytesOf,
  disconnectHex,
  fullHex,
  marketStatusHex,
  oiHex,
  previousCloseHex,
  quoteHex,
  tickerHex,
} from '../fixtures/packets';
import { DhanFeedDecoder } from './feed-decoder';

/** 2:42528 lies in slot 7, 0:13 in slot 3, the same id at MCX (segment 5) in slot 9. */
function setUp() {
  const sink = createRecordingSink();
  const slots = new Map([
    ['2:42528', 7],
    ['0:13', 3],
    ['5:42528', 9],
  ]);
  const decoder = new DhanFeedDecoder();
  decoder.bind({ get: (segment, id) => slots.get(`${segment}:${id}`) ?? -1 }, sink);
  return { decoder, store: sink.store, applied: sink.commits };
}

function decodeOne(hex: string): Commit & { store: QuoteStore } {
  const { decoder, applied, store } = setUp();
  expect(decoder.decode(bytesOf(hex), true)).toBeUndefined();
  expect(applied).toHaveLength(1);
  expect(decoder.counters).toEqual({ packets: 1, unknownInstrument: 0, malformed: 0 });
  return { ...applied[0]!, store };
}

const tradeFields =
  field.ltp | field.lastQty | field.tradeTime | field.averagePrice | field.volume | field.totals |
  field.dayRange | field.close;

function expectTrade({ slot, store, volume }: Commit & { store: QuoteStore }): void {
  expect(slot).toBe(7);
  expect(store.ltpPaise[7]).toBe(13_405);
  expect(store.averagePaise[7]).toBe(14_699);
  expect(store.openPaise[7]).toBe(21_000);
  expect(store.closePaise[7]).toBe(24_485);
  expect(store.highPaise[7]).toBe(21_550);
  expect(store.lowPaise[7]).toBe(9_825);
  expect(store.lastQty[7]).toBe(65);
  expect(volume).toBe(117_567_970);
  expect(store.volume[7]).toBe(117_567_970);
  expect(store.totalSellQty[7]).toBe(812_500);
  expect(store.totalBuyQty[7]).toBe(905_125);
}

describe('golden packets', () => {
  it('ticker: price, and India\'s wall clock as an instant', () => {
    const { slot, fields, tradeMs, store } = decodeOne(tickerHex);
    expect(slot).toBe(7);
    expect(fields).toBe(field.ltp | field.tradeTime);
    expect(store.ltpPaise[7]).toBe(13_405);
    expect(tradeMs).toBe(Date.parse('2026-06-10T09:49:57+05:30'));
  });

  it('of MCX: the same id in another segment is another instrument', () => {
    const { slot, store } = decodeOne(fullHex.replace('08 a200 02', '08 a200 05'));
    expect(slot).toBe(9);
    expect([store.ltpPaise[9], store.ltpPaise[7]]).toEqual([13_405, 0]);
    expect(decodeOne(tickerHex.replace('02 1000 02', '02 1000 05')).slot).toBe(9);
  });

  it('index packets (code 1) are read as tickers', () => {
    const { slot, fields, store } = decodeOne(`01 1000 00 0d000000 ${tickerHex.slice(-17)}`);
    expect([slot, fields]).toEqual([3, field.ltp | field.tradeTime]);
    expect(store.ltpPaise[3]).toBe(13_405);
  });

  it('previous close', () => {
    const { slot, fields, store } = decodeOne(previousCloseHex);
    expect(slot).toBe(3);
    expect(fields).toBe(field.close | field.previousOi);
    expect(store.closePaise[3]).toBe(2_558_550);
    expect(store.previousOi[3]).toBe(0);
  });

  it('open interest', () => {
    const { fields, store } = decodeOne(oiHex);
    expect(fields).toBe(field.oi);
    expect(store.oi[7]).toBe(3_786_445);
  });

  it('quote: sell before buy, and open, close, high, low', () => {
    const applied = decodeOne(quoteHex);
    expect(applied.fields).toBe(tradeFields);
    expectTrade(applied);
  });

  it('full: the quote, OI with its range, five levels', () => {
    const applied = decodeOne(fullHex);
    expect(applied.fields).toBe(tradeFields | field.oi | field.oiRange | field.depth);
    expectTrade(applied);
    expect(applied.store.oi[7]).toBe(3_786_445);
    expect(applied.store.oiHigh[7]).toBe(4_012_300);
    expect(applied.store.oiLow[7]).toBe(402_220);
    const book = applied.store.book.subarray(7 * bookInts, 8 * bookInts);
    const level = (index: number): Record<string, number> =>
      Object.fromEntries(
        Object.entries(bookAt).map(([name, at]) => [name, book[index * levelInts + at]!]),
      );
    expect(level(0)).toEqual({
      bidPaise: 13_355, askPaise: 13_400, bidQty: 1_625, askQty: 1_365, orders: 5 + 4 * 65_536,
    });
    expect(level(1)).toEqual({
      bidPaise: 13_350, askPaise: 13_410, bidQty: 130, askQty: 65, orders: 2 + 65_536,
    });
    expect([...book.subarray(2 * levelInts)]).toEqual(Array(3 * levelInts).fill(0));
  });

  it('market status says nothing about an instrument', () => {
    const { decoder, applied } = setUp();
    expect(decoder.decode(bytesOf(marketStatusHex), true)).toBeUndefined();
    expect(applied).toEqual([]);
    expect(decoder.counters).toEqual({ packets: 1, unknownInstrument: 0, malformed: 0 });
  });

  it.each([
    ['2503', 'too_many'], ['2603', 'entitlement'], ['2703', 'auth'], ['2803', 'auth'],
    ['2903', 'auth'], ['2a03', 'suspended'], ['0100', 'other'],
  ])('disconnect %s is %s', (reason, kind) => {
    const { decoder } = setUp();
    const end = decoder.decode(bytesOf(disconnectHex.slice(0, -4), reason), true);
    expect(end).toMatchObject({ kind });
    expect(end?.reason).toMatch(/\(\d+\)/);
  });
});

describe('frames', () => {
  it('holds several packets, in order, and stops at a disconnect', () => {
    const { decoder, applied } = setUp();
    const frame = bytesOf(fullHex, previousCloseHex, marketStatusHex, oiHex, disconnectHex, oiHex);
    expect(decoder.decode(frame, true)).toMatchObject({ kind: 'too_many' });
    expect(applied.map(({ slot }) => slot)).toEqual([7, 3, 7]);
    expect(decoder.counters.packets).toBe(5);
  });

  it('counts ids that it does not know, and tells segments apart', () => {
    const { decoder, applied } = setUp();
    const otherSegment = tickerHex.replace('1000 02', '1000 08');
    const otherId = tickerHex.replace('20a60000', '21a60000');
    decoder.decode(bytesOf(otherSegment, otherId, tickerHex), true);
    expect(applied).toHaveLength(1);
    expect(decoder.counters).toEqual({ packets: 3, unknownInstrument: 2, malformed: 0 });
  });

  it('ignores text and heartbeats', () => {
    const { decoder, applied } = setUp();
    decoder.decode(bytesOf(tickerHex), false);
    decoder.decode(bytesOf('00 0000 00 00000000'), true);
    decoder.decode(new Uint8Array(0), true);
    expect(applied).toEqual([]);
    expect(decoder.counters).toEqual({ packets: 0, unknownInstrument: 0, malformed: 0 });
  });

  it('reads at any offset of a buffer that other frames share', () => {
    const slab = Buffer.alloc(4_096, 0xff);
    const { decoder, applied, store } = setUp();
    for (let offset = 0; offset < 24; offset++) {
      slab.set(bytesOf(fullHex), offset);
      decoder.decode(slab.subarray(offset, offset + 162), true);
    }
    const pooled = Buffer.from(bytesOf(fullHex));
    expect(pooled.byteLength).toBeLessThan(pooled.buffer.byteLength);
    decoder.decode(pooled, true);
    expect(applied).toHaveLength(25);
    for (const one of applied) expectTrade({ ...one, store });
  });

  it('does not read beyond its frame into the buffer around it', () => {
    const slab = Buffer.from(bytesOf(tickerHex, tickerHex));
    const { decoder, applied } = setUp();
    decoder.decode(slab.subarray(0, 15), true);
    expect(applied).toEqual([]);
    expect(decoder.counters.malformed).toBe(1);
  });

  it('writes where it was bound last', () => {
    const { decoder, applied } = setUp();
    decoder.decode(bytesOf(tickerHex), true);
    const sink = createRecordingSink();
    decoder.bind({ get: () => 99 }, sink);
    decoder.decode(bytesOf(tickerHex), true);
    expect(applied).toHaveLength(1);
    expect(sink.commits.map(({ slot }) => slot)).toEqual([99]);
  });
});
