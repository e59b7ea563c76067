import type { DecoderCounters, FeedDecoder, FeedNews, SlotLookup } from '@strikewire/broker';
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
import { WireId } from '../map/wire-id';
import { endOfAuth, endOfError } from './feed-error';

type Json = Record<string, unknown>;

const int32Max = 0x7fffffff;
const uint32Max = 0xffffffff;
const ordersMax = 0xffff;
const quantityMax = 2 ** 53;
/** Trade times from 2000 to 2100: in ms, or in seconds, by the broker behind it. */
const tradeSecondsMin = 946_684_800;
const tradeSecondsMax = 4_102_444_800;

const nowhere: SlotLookup = { get: () => -1 };
const nothing: QuoteSink = {
  store: new QuoteStore({ capacity: 1, groupCount: 0, tickDepth: 0, baseWallMs: 0 }),
  admit: () => false,
  commit() {},
};

/**
 * Decodes the socket proxy: one JSON text to a frame, one tick to a text. What a tick carries, and
 * the names of some figures, depend on the broker behind it: what is there is taken.
 */
export class OpenalgoFeedDecoder implements FeedDecoder {
  readonly counters: DecoderCounters = { packets: 0, unknownInstrument: 0, malformed: 0 };
  private lookup: SlotLookup = nowhere;
  private sink: QuoteSink = nothing;
  private readonly wire = new WireId();
  private readonly decoder = new TextDecoder();

  bind(lookup: SlotLookup, sink: QuoteSink): void {
    this.lookup = lookup;
    this.sink = sink;
  }

  decode(bytes: Uint8Array, isBinary: boolean): FeedNews | undefined {
    const message = isBinary ? undefined : parseObject(this.decoder.decode(bytes));
    if (!message) {
      this.counters.malformed++;
      return undefined;
    }
    const type = message['type'];
    if (type === 'market_data') this.tick(message);
    else if (type === 'auth') return endOfAuth(message) ?? { kind: 'ready' };
    else if (message['status'] === 'error') return this.error(message);
    return undefined;
  }

  /** Errors have no type. Those of a subscription are made good by asking anew. */
  private error(message: Json): FeedNews | undefined {
    const end = endOfError(message);
    if (!end) this.counters.malformed++;
    return end;
  }

  private tick(message: Json): void {
    const { symbol, exchange, data } = message;
    const { counters, wire } = this;
    if (typeof symbol !== 'string' || typeof exchange !== 'string' || !isObject(data)) {
      counters.malformed++;
      return;
    }
    counters.packets++;
    wire.read(exchange, symbol);
    const slot = this.lookup.get(wire.segment, wire.id);
    if (slot < 0) counters.unknownInstrument++;
    else this.merge(slot, data);
  }

  private merge(slot: number, data: Json): void {
    const { sink } = this;
    const tradeMs = toTradeMs(data['ltt']);
    const volume = quantityOf(data['volume']);
    if (!sink.admit(slot, tradeMs, volume ?? noVolume)) return;
    let fields = tradeMs > 0 ? field.tradeTime : 0;
    fields |= this.prices(slot, data);
    fields |= this.quantities(slot, data, volume);
    fields |= this.book(slot, data);
    sink.commit(slot, fields);
  }

  private prices(slot: number, data: Json): number {
    const { store } = this.sink;
    const ltp = paiseOf(data['ltp']);
    const average = paiseOf(data['average_price']);
    const [open, high, low] = [paiseOf(data['open']), paiseOf(data['high']), paiseOf(data['low'])];
    // The previous session's, all day long.
    const close = paiseOf(data['prev_close'] ?? data['close']);
    let fields = 0;
    if (ltp !== undefined) {
      store.ltpPaise[slot] = ltp;
      fields |= field.ltp;
    }
    if (average !== undefined) {
      store.averagePaise[slot] = average;
      fields |= field.averagePrice;
    }
    if (open !== undefined && high !== undefined && low !== undefined) {
      store.openPaise[slot] = open;
      store.highPaise[slot] = high;
      store.lowPaise[slot] = low;
      fields |= field.dayRange;
    }
    if (close !== undefined && close > 0) {
      store.setClose(slot, close);
      fields |= field.close;
    }
    return fields;
  }

  private quantities(slot: number, data: Json, volume: number | undefined): number {
    const { store } = this.sink;
    const last = quantityOf(data['last_quantity'] ?? data['ltq']);
    const oi = quantityOf(data['oi']);
    const [oiHigh, oiLow] = [quantityOf(data['oi_high']), quantityOf(data['oi_low'])];
    const buy = quantityOf(data['total_buy_quantity']);
    const sell = quantityOf(data['total_sell_quantity']);
    let fields = 0;
    if (volume !== undefined) {
      store.volume[slot] = volume;
      fields |= field.volume;
    }
    if (last !== undefined) {
      store.lastQty[slot] = last;
      fields |= field.lastQty;
    }
    if (oi !== undefined) {
      store.oi[slot] = oi;
      fields |= field.oi;
    }
    if (oiHigh !== undefined && oiLow !== undefined) {
      store.oiHigh[slot] = oiHigh;
      store.oiLow[slot] = oiLow;
      fields |= field.oiRange;
    }
    if (buy !== undefined && sell !== undefined) {
      store.totalBuyQty[slot] = buy;
      store.totalSellQty[slot] = sell;
      fields |= field.totals;
    }
    return fields;
  }

  /** `depth.buy` and `depth.sell`, or `bids` and `asks` there or beside the other figures. */
  private book(slot: number, data: Json): number {
    const depth = isObject(data['depth']) ? data['depth'] : data;
    const bids = depth['buy'] ?? depth['bids'];
    const asks = depth['sell'] ?? depth['asks'];
    if (!Array.isArray(bids) || !Array.isArray(asks)) return 0;
    const { book } = this.sink.store;
    for (let level = 0; level < depthLevels; level++) {
      const at = slot * bookInts + level * levelInts;
      const [bid, ask] = [levelOf(bids[level]), levelOf(asks[level])];
      book[at + bookAt.bidPaise] = paiseOf(bid['price']) ?? 0;
      book[at + bookAt.askPaise] = paiseOf(ask['price']) ?? 0;
      book[at + bookAt.bidQty] = Math.min(quantityOf(bid['quantity']) ?? 0, uint32Max);
      book[at + bookAt.askQty] = Math.min(quantityOf(ask['quantity']) ?? 0, uint32Max);
      const [bidOrders, askOrders] = [ordersOf(bid), ordersOf(ask)];
      book[at + bookAt.orders] = bidOrders + askOrders * 0x10000;
    }
    return field.depth;
  }
}

const noLevel: Json = {};

function levelOf(value: unknown): Json {
  return isObject(value) ? value : noLevel;
}

function ordersOf(level: Json): number {
  return Math.min(quantityOf(level['orders']) ?? 0, ordersMax);
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseObject(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Paise of rupees; 0 for what is no price, undefined when none is told. */
function paiseOf(rupees: unknown): number | undefined {
  if (typeof rupees !== 'number') return undefined;
  const paise = Math.round(rupees * 100);
  return paise > 0 && paise <= int32Max ? paise : 0;
}

function quantityOf(units: unknown): number | undefined {
  if (typeof units !== 'number') return undefined;
  return units > 0 && units < quantityMax ? Math.floor(units) : 0;
}

function toTradeMs(value: unknown): number {
  if (typeof value !== 'number') return 0;
  if (value >= tradeSecondsMin && value < tradeSecondsMax) return Math.floor(value * 1_000);
  const isMs = value >= tradeSecondsMin * 1_000 && value < tradeSecondsMax * 1_000;
  return isMs ? Math.floor(value) : 0;
}
