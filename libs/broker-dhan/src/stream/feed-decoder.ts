import type { DecoderCounters, FeedDecoder, FeedEnd, SlotLookup } from '@strikewire/broker';
import {
  bookAt,
  bookInts,
  depthLevels,
  field,
  levelInts,
  noVolume,
  QuoteStore,
  type QuoteSink,
} from '@strikewire/market-data';
import { readFeedEnd } from './feed-end';

/** Response codes of the market feed (DhanHQ v2, "Live Market Feed"). */
export const packetCode = {
  ticker: 2,
  quote: 4,
  oi: 5,
  previousClose: 6,
  marketStatus: 7,
  full: 8,
  disconnect: 50,
} as const;

const headerBytes = 8;
const fullBytes = 162;
/** The first three bytes of a full packet: code and length. */
const fullHead = packetCode.full | (fullBytes << 8);

/** Total bytes by code, the 8 of the header included; -1: not a packet of this feed. */
const packetBytes = new Int16Array(256).fill(-1);
packetBytes[1] = 16;
packetBytes[packetCode.ticker] = 16;
packetBytes[packetCode.quote] = 50;
packetBytes[packetCode.oi] = 12;
packetBytes[packetCode.previousClose] = 16;
packetBytes[packetCode.marketStatus] = 8;
packetBytes[packetCode.full] = fullBytes;
packetBytes[packetCode.disconnect] = 10;

const heartbeatCode = 0;
/** Times on the feed are India's wall clock written as if it were UTC. */
const indiaOffsetMs = 19_800_000;
/** A float32 of rupees is exact to the paisa below this (2^17); above, to 5 paise. */
const exactRupeesMax = 131_072;
/** Earlier trade times (1980 stands for "never traded") are read as unknown: 2000-01-01. */
const tradeSecondsMin = 946_684_800;

const tickerFields = field.ltp | field.tradeTime;
const quoteFields =
  field.ltp | field.lastQty | field.tradeTime | field.averagePrice | field.volume | field.totals |
  field.dayRange | field.close;
const fullFields = quoteFields | field.oi | field.oiRange | field.depth;

/** A copy of the import, which would be looked up anew for every packet. */
const bookStride = bookInts;

const nowhere: SlotLookup = { get: () => -1 };
const nothing: QuoteSink = {
  store: new QuoteStore({ capacity: 1, groupCount: 0, tickDepth: 0, baseWallMs: 0 }),
  admit: () => false,
  commit() {},
};

/**
 * Decodes the market feed: little-endian packets, several to a frame. Writes each admitted packet
 * straight to the columns; makes no object per packet.
 */
export class DhanFeedDecoder implements FeedDecoder {
  readonly counters: DecoderCounters = { packets: 0, unknownInstrument: 0, malformed: 0 };
  private lookup: SlotLookup = nowhere;
  private sink: QuoteSink = nothing;
  private view: DataView = new DataView(new ArrayBuffer(0));

  bind(lookup: SlotLookup, sink: QuoteSink): void {
    this.lookup = lookup;
    this.sink = sink;
  }

  decode(bytes: Uint8Array, isBinary: boolean): FeedEnd | undefined {
    if (!isBinary) return undefined;
    // Sockets hand out slices of few large buffers: one view serves many frames.
    if (this.view.buffer !== bytes.buffer) this.view = new DataView(bytes.buffer);
    const { view, counters } = this;
    const end = bytes.byteOffset + bytes.byteLength;
    let at = bytes.byteOffset;
    while ((at = this.full(at, end)) < end) {
      if (end - at < headerBytes) {
        counters.malformed++;
        return undefined;
      }
      // Code, length and segment in one reading.
      const head = view.getUint32(at, true);
      const code = head & 0xff;
      const length = (head >>> 8) & 0xffff;
      if (length !== packetBytes[code]! || at + length > end) {
        at = this.skipOdd(code, length, at, end);
        continue;
      }
      counters.packets++;
      if (code === packetCode.disconnect) return readFeedEnd(view.getUint16(at + 8, true));
      const slot = this.lookup.get(head >>> 24, view.getUint32(at + 4, true));
      if (slot >= 0) this.merge(code, slot, at);
      else if (code !== packetCode.marketStatus) counters.unknownInstrument++;
      at += length;
    }
    return undefined;
  }

  /** Where to read on after what is no packet of this feed. */
  private skipOdd(code: number, length: number, at: number, end: number): number {
    // What a heartbeat holds is not documented; whatever else follows it is not lost with it.
    const isLast = end - at === headerBytes || at + length === end;
    if (code === heartbeatCode && isLast) return end;
    this.counters.malformed++;
    // A length that can be believed leads to the next packet; any other ends the frame.
    return length < headerBytes || at + length > end ? end : at + length;
  }

  private merge(code: number, slot: number, at: number): void {
    if (code === packetCode.quote) this.quote(slot, at);
    else if (code === packetCode.oi) this.oi(slot, at);
    else if (code === packetCode.previousClose) this.previousClose(slot, at);
    else if (code !== packetCode.marketStatus) this.ticker(slot, at);
  }

  private ticker(slot: number, at: number): void {
    const { view, sink } = this;
    const tradeMs = toTradeMs(view.getUint32(at + 12, true));
    if (!sink.admit(slot, tradeMs, noVolume)) return;
    sink.store.ltpPaise[slot] = toPaise(view.getFloat32(at + 8, true));
    sink.commit(slot, tickerFields);
  }

  private oi(slot: number, at: number): void {
    const { sink } = this;
    if (!sink.admit(slot, 0, noVolume)) return;
    sink.store.oi[slot] = this.view.getUint32(at + 8, true);
    sink.commit(slot, field.oi);
  }

  private previousClose(slot: number, at: number): void {
    const { view, sink } = this;
    if (!sink.admit(slot, 0, noVolume)) return;
    sink.store.setClose(slot, toPaise(view.getFloat32(at + 8, true)));
    sink.store.setPreviousOi(slot, view.getUint32(at + 12, true));
    sink.commit(slot, field.close | field.previousOi);
  }

  /** Sell quantity comes before buy quantity; open, close, high, low, in this order. */
  private quote(slot: number, at: number): void {
    const { view, sink } = this;
    const volume = view.getUint32(at + 22, true);
    if (!sink.admit(slot, toTradeMs(view.getUint32(at + 14, true)), volume)) return;
    const { store } = sink;
    store.ltpPaise[slot] = toPaise(view.getFloat32(at + 8, true));
    store.lastQty[slot] = view.getUint16(at + 12, true);
    store.averagePaise[slot] = toPaise(view.getFloat32(at + 18, true));
    store.volume[slot] = volume;
    store.totalSellQty[slot] = view.getUint32(at + 26, true);
    store.totalBuyQty[slot] = view.getUint32(at + 30, true);
    store.openPaise[slot] = toPaise(view.getFloat32(at + 34, true));
    store.setClose(slot, toPaise(view.getFloat32(at + 38, true)));
    store.highPaise[slot] = toPaise(view.getFloat32(at + 42, true));
    store.lowPaise[slot] = toPaise(view.getFloat32(at + 46, true));
    sink.commit(slot, quoteFields);
  }

  /**
   * The packets that nearly all packets are, as many as lie here in a row; answers where the next
   * other one is. Levels are written out and no sum of offsets is checked for overflow (`| 0`):
   * each is worth a tenth. Both sides' orders are read at once, as the store keeps them. As in
   * `quote`, the close is the previous session's all day long.
   */
  private full(start: number, end: number): number {
    const { view, sink, lookup, counters } = this;
    const { store } = sink;
    const { book } = store;
    let at = start;
    for (; at + fullBytes <= end; at += fullBytes) {
      const head = view.getUint32(at, true);
      if ((head & 0xffffff) !== fullHead) return at;
      counters.packets++;
      const slot = lookup.get(head >>> 24, view.getUint32((at + 4) | 0, true));
      if (slot < 0) {
        counters.unknownInstrument++;
        continue;
      }
      const volume = view.getUint32((at + 22) | 0, true);
      const tradeMs = toTradeMs(view.getUint32((at + 14) | 0, true));
      if (sink.admit(slot, tradeMs, volume) !== true) continue;
      const ltp = view.getFloat32((at + 8) | 0, true);
      store.ltpPaise[slot] = quickPaise(ltp);
      store.lastQty[slot] = view.getUint16((at + 12) | 0, true);
      store.averagePaise[slot] = quickPaise(view.getFloat32((at + 18) | 0, true));
      store.volume[slot] = volume;
      store.totalSellQty[slot] = view.getUint32((at + 26) | 0, true);
      store.totalBuyQty[slot] = view.getUint32((at + 30) | 0, true);
      store.oi[slot] = view.getUint32((at + 34) | 0, true);
      store.oiHigh[slot] = view.getUint32((at + 38) | 0, true);
      store.oiLow[slot] = view.getUint32((at + 42) | 0, true);
      store.openPaise[slot] = quickPaise(view.getFloat32((at + 46) | 0, true));
      store.setClose(slot, quickPaise(view.getFloat32((at + 50) | 0, true)));
      store.highPaise[slot] = quickPaise(view.getFloat32((at + 54) | 0, true));
      store.lowPaise[slot] = quickPaise(view.getFloat32((at + 58) | 0, true));
      const best = slot * bookStride;
      book[best] = quickPaise(view.getFloat32((at + 74) | 0, true));
      book[(best + 1) | 0] = quickPaise(view.getFloat32((at + 78) | 0, true));
      book[(best + 2) | 0] = view.getUint32((at + 62) | 0, true);
      book[(best + 3) | 0] = view.getUint32((at + 66) | 0, true);
      book[(best + 4) | 0] = view.getUint32((at + 70) | 0, true);
      book[(best + 5) | 0] = quickPaise(view.getFloat32((at + 94) | 0, true));
      book[(best + 6) | 0] = quickPaise(view.getFloat32((at + 98) | 0, true));
      book[(best + 7) | 0] = view.getUint32((at + 82) | 0, true);
      book[(best + 8) | 0] = view.getUint32((at + 86) | 0, true);
      book[(best + 9) | 0] = view.getUint32((at + 90) | 0, true);
      book[(best + 10) | 0] = quickPaise(view.getFloat32((at + 114) | 0, true));
      book[(best + 11) | 0] = quickPaise(view.getFloat32((at + 118) | 0, true));
      book[(best + 12) | 0] = view.getUint32((at + 102) | 0, true);
      book[(best + 13) | 0] = view.getUint32((at + 106) | 0, true);
      book[(best + 14) | 0] = view.getUint32((at + 110) | 0, true);
      book[(best + 15) | 0] = quickPaise(view.getFloat32((at + 134) | 0, true));
      book[(best + 16) | 0] = quickPaise(view.getFloat32((at + 138) | 0, true));
      book[(best + 17) | 0] = view.getUint32((at + 122) | 0, true);
      book[(best + 18) | 0] = view.getUint32((at + 126) | 0, true);
      book[(best + 19) | 0] = view.getUint32((at + 130) | 0, true);
      book[(best + 20) | 0] = quickPaise(view.getFloat32((at + 154) | 0, true));
      book[(best + 21) | 0] = quickPaise(view.getFloat32((at + 158) | 0, true));
      book[(best + 22) | 0] = view.getUint32((at + 142) | 0, true);
      book[(best + 23) | 0] = view.getUint32((at + 146) | 0, true);
      book[(best + 24) | 0] = view.getUint32((at + 150) | 0, true);
      if (ltp >= exactRupeesMax) this.snapPrices(slot, at);
      sink.commit(slot, fullFields);
    }
    return at;
  }

  /** A contract's prices are of one size: where the LTP is too coarse, all of them are snapped. */
  private snapPrices(slot: number, at: number): void {
    const { view } = this;
    const { store } = this.sink;
    store.ltpPaise[slot] = toPaise(view.getFloat32(at + 8, true));
    store.averagePaise[slot] = toPaise(view.getFloat32(at + 18, true));
    store.openPaise[slot] = toPaise(view.getFloat32(at + 46, true));
    store.setClose(slot, toPaise(view.getFloat32(at + 50, true)));
    store.highPaise[slot] = toPaise(view.getFloat32(at + 54, true));
    store.lowPaise[slot] = toPaise(view.getFloat32(at + 58, true));
    for (let level = 0; level < depthLevels; level++) {
      const to = slot * bookInts + level * levelInts;
      const from = at + 62 + level * 20;
      store.book[to + bookAt.bidPaise] = toPaise(view.getFloat32(from + 12, true));
      store.book[to + bookAt.askPaise] = toPaise(view.getFloat32(from + 16, true));
    }
  }
}

/** Paise of a float32 of rupees below `exactRupeesMax`; truncating is much faster than rounding. */
function quickPaise(rupees: number): number {
  return (rupees * 100 + 0.5) | 0;
}

/** Paise of any float32 of rupees: snapped where too coarse, 0 for what is no price. */
function toPaise(rupees: number): number {
  if (rupees >= 0 && rupees < exactRupeesMax) return quickPaise(rupees);
  const paise = Math.round(rupees * 20) * 5;
  return paise > 0 && paise <= 0x7fffffff ? paise : 0;
}

function toTradeMs(seconds: number): number {
  return seconds < tradeSecondsMin ? 0 : seconds * 1_000 - indiaOffsetMs;
}
