import type { DecoderCounters, FeedDecoder, FeedEnd, SlotLookup } from '@strikewire/broker';
import {
  bookAt,
  bookInts,
  field,
  levelInts,
  QuoteScratch,
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

/** Total bytes by code, the 8 of the header included; 0: not a packet of this feed. */
const packetBytes = new Uint8Array(256);
packetBytes[1] = 16;
packetBytes[packetCode.ticker] = 16;
packetBytes[packetCode.quote] = 50;
packetBytes[packetCode.oi] = 12;
packetBytes[packetCode.previousClose] = 16;
packetBytes[packetCode.marketStatus] = 8;
packetBytes[packetCode.full] = 162;
packetBytes[packetCode.disconnect] = 10;

const headerBytes = 8;
const heartbeatCode = 0;
/** Times on the feed are India's wall clock written as if it were UTC. */
const indiaOffsetMs = 19_800_000;
/** A float32 of rupees is exact to the paisa up to here (2^17 rupees); above, to 5 paise. */
const exactPaiseMax = 13_107_200;
/** Earlier trade times (1980 stands for "never traded") are read as unknown: 2000-01-01. */
const tradeSecondsMin = 946_684_800;

const tickerFields = field.ltp | field.tradeTime;
const quoteFields =
  field.ltp | field.lastQty | field.tradeTime | field.averagePrice | field.volume | field.totals |
  field.dayRange | field.close;
const fullFields = quoteFields | field.oi | field.oiRange | field.depth;

const nowhere: SlotLookup = { get: () => -1 };
const nothing: QuoteSink = { scratch: new QuoteScratch(), apply: () => false };

/**
 * Decodes the market feed: little-endian packets, several to a frame. Writes each packet into the
 * sink's scratch and merges it; makes no object per packet.
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
    while (at < end) {
      if (end - at < headerBytes) {
        counters.malformed++;
        return undefined;
      }
      const code = view.getUint8(at);
      const length = view.getUint16(at + 1, true);
      const expected = packetBytes[code]!;
      // What a heartbeat holds is not documented; whatever else follows it is not lost with it.
      const isLast = end - at === headerBytes || at + length === end;
      if (code === heartbeatCode && isLast) return undefined;
      if (expected === 0 || length !== expected || at + length > end) {
        counters.malformed++;
        // A length that can be believed leads to the next packet; any other ends the frame.
        if (length < headerBytes || at + length > end) return undefined;
        at += length;
        continue;
      }
      counters.packets++;
      if (code === packetCode.disconnect) return readFeedEnd(view.getUint16(at + 8, true));
      this.route(code, at);
      at += length;
    }
    return undefined;
  }

  private route(code: number, at: number): void {
    if (code === packetCode.marketStatus) return;
    const { view } = this;
    const slot = this.lookup.get(view.getUint8(at + 3), view.getUint32(at + 4, true));
    if (slot < 0) {
      this.counters.unknownInstrument++;
      return;
    }
    if (code === packetCode.full) this.full(slot, at);
    else if (code === packetCode.quote) this.quote(slot, at);
    else if (code === packetCode.oi) this.oi(slot, at);
    else if (code === packetCode.previousClose) this.previousClose(slot, at);
    else this.ticker(slot, at);
  }

  private ticker(slot: number, at: number): void {
    const { view } = this;
    const { ints, units } = this.sink.scratch;
    ints[QuoteScratch.ltp] = toPaise(view.getFloat32(at + 8, true));
    units[QuoteScratch.tradeMs] = toTradeMs(view.getUint32(at + 12, true));
    this.sink.apply(slot, tickerFields);
  }

  private oi(slot: number, at: number): void {
    this.sink.scratch.units[QuoteScratch.oi] = this.view.getUint32(at + 8, true);
    this.sink.apply(slot, field.oi);
  }

  private previousClose(slot: number, at: number): void {
    const { ints, units } = this.sink.scratch;
    ints[QuoteScratch.close] = toPaise(this.view.getFloat32(at + 8, true));
    units[QuoteScratch.previousOi] = this.view.getUint32(at + 12, true);
    this.sink.apply(slot, field.close | field.previousOi);
  }

  private quote(slot: number, at: number): void {
    this.trade(at);
    this.dayRange(at + 34);
    this.sink.apply(slot, quoteFields);
  }

  private full(slot: number, at: number): void {
    const { view } = this;
    const { units } = this.sink.scratch;
    this.trade(at);
    units[QuoteScratch.oi] = view.getUint32(at + 34, true);
    units[QuoteScratch.oiHigh] = view.getUint32(at + 38, true);
    units[QuoteScratch.oiLow] = view.getUint32(at + 42, true);
    this.dayRange(at + 46);
    this.depth(at + 62);
    this.sink.apply(slot, fullFields);
  }

  /** Bytes 8 to 33, the same in quote and full; sell quantity comes before buy quantity. */
  private trade(at: number): void {
    const { view } = this;
    const { ints, units } = this.sink.scratch;
    ints[QuoteScratch.ltp] = toPaise(view.getFloat32(at + 8, true));
    units[QuoteScratch.lastQty] = view.getUint16(at + 12, true);
    units[QuoteScratch.tradeMs] = toTradeMs(view.getUint32(at + 14, true));
    ints[QuoteScratch.averagePrice] = toPaise(view.getFloat32(at + 18, true));
    units[QuoteScratch.volume] = view.getUint32(at + 22, true);
    units[QuoteScratch.totalSellQty] = view.getUint32(at + 26, true);
    units[QuoteScratch.totalBuyQty] = view.getUint32(at + 30, true);
  }

  /** Open, close, high, low, in this order; close is the previous session's all day long. */
  private dayRange(at: number): void {
    const { view } = this;
    const { ints } = this.sink.scratch;
    ints[QuoteScratch.open] = toPaise(view.getFloat32(at, true));
    ints[QuoteScratch.close] = toPaise(view.getFloat32(at + 4, true));
    ints[QuoteScratch.high] = toPaise(view.getFloat32(at + 8, true));
    ints[QuoteScratch.low] = toPaise(view.getFloat32(at + 12, true));
  }

  private depth(start: number): void {
    const { view } = this;
    const { book } = this.sink.scratch;
    for (let to = 0, at = start; to < bookInts; to += levelInts, at += 20) {
      book[to + bookAt.bidQty] = view.getUint32(at, true);
      book[to + bookAt.askQty] = view.getUint32(at + 4, true);
      book[to + bookAt.bidOrders] = view.getUint16(at + 8, true);
      book[to + bookAt.askOrders] = view.getUint16(at + 10, true);
      book[to + bookAt.bidPaise] = toPaise(view.getFloat32(at + 12, true));
      book[to + bookAt.askPaise] = toPaise(view.getFloat32(at + 16, true));
    }
  }
}

/** Paise of a float32 of rupees, halves up; truncating is several times faster than rounding. */
function toPaise(rupees: number): number {
  const shifted = rupees * 100 + 0.5;
  return shifted >= 0 && shifted < exactPaiseMax ? shifted | 0 : toCoarsePaise(rupees);
}

/** Snaps to 5 paise where a float32 is too coarse; what is no price (NaN, negative) becomes 0. */
function toCoarsePaise(rupees: number): number {
  const paise = Math.round(rupees * 20) * 5;
  return paise > 0 && paise <= 0x7fffffff ? paise : 0;
}

function toTradeMs(seconds: number): number {
  return seconds < tradeSecondsMin ? 0 : seconds * 1_000 - indiaOffsetMs;
}
