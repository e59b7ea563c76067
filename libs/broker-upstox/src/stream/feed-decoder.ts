import type { DecoderCounters, FeedDecoder, SlotLookup } from '@strikewire/broker';
import {
  bookInts,
  depthLevels,
  field,
  levelInts,
  noVolume,
  QuoteStore,
  type QuoteSink,
} from '@strikewire/market-data';
import { WireKey } from '../map/wire-key-decoder';
import { ProtoReader } from './proto-decoder';
import { levelFigures, Tick, tickKind } from './tick-decoder';

/** `FeedResponse.feeds`, and key and value of its entries. */
const feedsTag = 0x12;
const keyTag = 0x0a;
const valueTag = 0x12;

/** Times beyond are no times of a trade: 2000-01-01 and 2100-01-01. */
const tradeMsMin = 946_684_800_000;
const tradeMsMax = 4_102_444_800_000;
const int32Max = 0x7fffffff;
const uint32Max = 0xffffffff;
/** More than any day's volume; negative quantities come out above. */
const quantityMax = 2 ** 53;
const textMax = 4_096;

const nowhere: SlotLookup = { get: () => -1 };
const nothing: QuoteSink = {
  store: new QuoteStore({ capacity: 1, groupCount: 0, tickDepth: 0, baseWallMs: 0 }),
  admit: () => false,
  commit() {},
};

/**
 * Decodes the market data feed, version 3: one protobuf message to a frame, with the instruments
 * that have changed. Writes each admitted tick straight to the columns; makes no object per tick.
 * What else a message tells (its type, the status of markets) is passed over.
 */
export class UpstoxFeedDecoder implements FeedDecoder {
  readonly counters: DecoderCounters = { packets: 0, unknownInstrument: 0, malformed: 0 };
  private lookup: SlotLookup = nowhere;
  private sink: QuoteSink = nothing;
  private readonly reader = new ProtoReader();
  private readonly tick = new Tick();
  private readonly key = new WireKey();

  bind(lookup: SlotLookup, sink: QuoteSink): void {
    this.lookup = lookup;
    this.sink = sink;
  }

  decode(bytes: Uint8Array, isBinary: boolean): undefined {
    if (!isBinary) return this.text(bytes);
    const { reader, counters } = this;
    reader.open(bytes);
    for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
      if (tag === feedsTag) this.entry();
      else reader.skip(tag);
    }
    if (reader.isBroken || reader.at < reader.end) counters.malformed++;
    return undefined;
  }

  /** One instrument. What is wrong within it is lost with it alone: its end is known. */
  private entry(): void {
    const { reader } = this;
    const frameEnd = reader.end;
    const end = reader.endOfBytes();
    if (reader.isBroken) return;
    reader.end = end;
    let keyAt = -1;
    let keyEnd = -1;
    let valueAt = -1;
    let valueEnd = -1;
    for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
      if (tag !== keyTag && tag !== valueTag) {
        reader.skip(tag);
        continue;
      }
      const partEnd = reader.endOfBytes();
      if (reader.isBroken) break;
      if (tag === keyTag) [keyAt, keyEnd] = [reader.at, partEnd];
      else [valueAt, valueEnd] = [reader.at, partEnd];
      reader.at = partEnd;
    }
    const isWhole = !reader.isBroken && reader.at === end;
    if (isWhole && keyAt >= 0 && valueAt >= 0) {
      this.key.read(reader.bytes, keyAt, keyEnd);
      this.instrument(valueAt, valueEnd);
    } else this.counters.malformed++;
    reader.isBroken = false;
    reader.enter(end, frameEnd);
  }

  private instrument(start: number, end: number): void {
    const { reader, tick, counters } = this;
    reader.enter(start, end);
    tick.read(reader);
    // A field of number 0 is none: it ends the reading before the end.
    if (reader.isBroken || reader.at < end) {
      counters.malformed++;
      return;
    }
    counters.packets++;
    const slot = this.lookup.get(this.key.segment, this.key.id);
    if (slot < 0) counters.unknownInstrument++;
    else this.merge(slot);
  }

  private merge(slot: number): void {
    const { tick, sink } = this;
    if (tick.kind === tickKind.none) return;
    const tradeMs = tick.hasPrice ? toTradeMs(tick.tradeMs) : 0;
    const volume = toQuantity(tick.volume);
    const isTraded = tick.kind === tickKind.market || tick.kind === tickKind.best;
    const tellsVolume = isTraded && (tick.hasPrice || volume > 0);
    if (!sink.admit(slot, tradeMs, tellsVolume ? volume : noVolume)) return;
    const { store } = sink;
    let fields = 0;
    if (tick.hasPrice) fields |= this.price(slot);
    if (tick.hasDay) {
      store.openPaise[slot] = toPaise(tick.open);
      store.highPaise[slot] = toPaise(tick.high);
      store.lowPaise[slot] = toPaise(tick.low);
      fields |= field.dayRange;
    }
    if (isTraded) {
      fields |= this.figures(slot);
      fields |= this.book(slot);
    }
    sink.commit(slot, fields);
  }

  private price(slot: number): number {
    const { tick } = this;
    const { store } = this.sink;
    store.ltpPaise[slot] = toPaise(tick.ltp);
    let fields = field.ltp | field.tradeTime;
    if (tick.kind !== tickKind.index) {
      store.lastQty[slot] = toQuantity(tick.lastQty);
      fields |= field.lastQty;
    }
    // Zero is how it is not told.
    if (tick.close > 0) {
      store.setClose(slot, toPaise(tick.close));
      fields |= field.close;
    }
    return fields;
  }

  /** Zeros are not sent: beside a price they count; in a tick of the book alone they do not. */
  private figures(slot: number): number {
    const { tick } = this;
    const { store } = this.sink;
    const isWhole = tick.hasPrice && tick.kind === tickKind.market;
    let fields = 0;
    if (tick.hasPrice || tick.volume > 0) {
      store.volume[slot] = toQuantity(tick.volume);
      fields |= field.volume;
    }
    if (tick.hasPrice || tick.oi > 0) {
      store.oi[slot] = toQuantity(tick.oi);
      fields |= field.oi;
    }
    if (isWhole || tick.average > 0) {
      store.averagePaise[slot] = toPaise(tick.average);
      fields |= field.averagePrice;
    }
    if (isWhole || tick.totalBuyQty > 0 || tick.totalSellQty > 0) {
      store.totalBuyQty[slot] = toQuantity(tick.totalBuyQty);
      store.totalSellQty[slot] = toQuantity(tick.totalSellQty);
      fields |= field.totals;
    }
    return fields;
  }

  /** Of a first level alone the others are not told. Numbers of orders are not on this feed. */
  private book(slot: number): number {
    const { tick } = this;
    if (!tick.hasBook && tick.levelCount === 0) return 0;
    const { book } = this.sink.store;
    const { levels } = tick;
    const count = tick.hasBook ? depthLevels : 1;
    for (let level = 0; level < count; level++) {
      const from = level * levelFigures;
      const to = slot * bookInts + level * levelInts;
      book[to] = toPaise(levels[from]!);
      book[to + 1] = toPaise(levels[from + 1]!);
      book[to + 2] = Math.min(toQuantity(levels[from + 2]!), uint32Max);
      book[to + 3] = Math.min(toQuantity(levels[from + 3]!), uint32Max);
      book[to + 4] = 0;
    }
    return tick.hasBook ? field.depth : field.top;
  }

  /** Only errors come as text: what was asked for is asked for anew. */
  private text(bytes: Uint8Array): undefined {
    const text = new TextDecoder().decode(bytes.subarray(0, textMax));
    if (/"(?:status|error|errors)"\s*:/.test(text) && !/"success"/.test(text)) {
      this.counters.malformed++;
    }
    return undefined;
  }
}

/** Paise of rupees; 0 for what is no price. */
function toPaise(rupees: number): number {
  const paise = Math.round(rupees * 100);
  return paise > 0 && paise <= int32Max ? paise : 0;
}

function toQuantity(units: number): number {
  return units > 0 && units < quantityMax ? Math.floor(units) : 0;
}

function toTradeMs(ms: number): number {
  return ms >= tradeMsMin && ms < tradeMsMax ? ms : 0;
}
