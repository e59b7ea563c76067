import { depthLevels } from '@strikewire/market-data';
import type { ProtoReader } from './proto-decoder';

/** Numbers per level in `Tick.levels`: bid and ask in rupees, then their quantities. */
export const levelFigures = 4;

/**
 * What a tick is of. An index has no book and no volume; `price`: prices alone were sent; `best`:
 * prices with the best level, volume and OI.
 */
export const tickKind = { none: 0, price: 1, market: 2, index: 3, best: 4 } as const;

const text1d = [0x31, 0x64] as const;

/**
 * One instrument's part of a frame (`Feed` of the feed's schema, version 3), read before it is
 * known whether it may be merged. One object serves all ticks. What is not on the wire is zero, as
 * the wire has it; of messages within it, flags tell whether they were there.
 */
export class Tick {
  kind: number = tickKind.none;
  hasPrice = false;
  hasDay = false;
  /** Levels read: 0, 1, or up to five. */
  levelCount = 0;
  hasBook = false;
  /** Rupees. */
  ltp = 0;
  close = 0;
  average = 0;
  open = 0;
  high = 0;
  low = 0;
  tradeMs = 0;
  lastQty = 0;
  volume = 0;
  oi = 0;
  totalBuyQty = 0;
  totalSellQty = 0;
  readonly levels = new Float64Array(depthLevels * levelFigures);

  /** Reads a `Feed` from where the reader stands to its end. */
  read(reader: ProtoReader): void {
    this.clear();
    for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
      // Of several, the last one counts.
      if (tag === 0x0a) {
        this.clear();
        this.kind = tickKind.price;
        this.nested(reader, readPrice);
      } else if (tag === 0x12) this.nested(reader, readFullFeed);
      else if (tag === 0x1a) {
        this.clear();
        this.kind = tickKind.best;
        this.nested(reader, readFirstLevel);
      } else reader.skip(tag);
    }
  }

  /** Reads the message that begins here with `read`, and goes on after it. */
  nested(reader: ProtoReader, read: (reader: ProtoReader, tick: Tick) => void): void {
    const outer = reader.end;
    const end = reader.endOfBytes();
    if (reader.isBroken) return;
    reader.end = end;
    read(reader, this);
    reader.isBroken ||= reader.at < end;
    reader.enter(end, outer);
  }

  clear(): void {
    this.kind = tickKind.none;
    this.hasPrice = this.hasDay = this.hasBook = false;
    this.levelCount = 0;
    this.ltp = this.close = this.average = this.open = this.high = this.low = 0;
    this.tradeMs = this.lastQty = this.volume = this.oi = 0;
    this.totalBuyQty = this.totalSellQty = 0;
    this.levels.fill(0);
  }
}

/** `LTPC`. */
function readPrice(reader: ProtoReader, tick: Tick): void {
  tick.hasPrice = true;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x09) tick.ltp = reader.double();
    else if (tag === 0x10) tick.tradeMs = reader.varint();
    else if (tag === 0x18) tick.lastQty = reader.varint();
    else if (tag === 0x21) tick.close = reader.double();
    else reader.skip(tag);
  }
}

/** `FullFeed`: of a contract or share, or of an index. */
function readFullFeed(reader: ProtoReader, tick: Tick): void {
  tick.clear();
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag !== 0x0a && tag !== 0x12) {
      reader.skip(tag);
      continue;
    }
    tick.clear();
    tick.kind = tag === 0x0a ? tickKind.market : tickKind.index;
    tick.nested(reader, tag === 0x0a ? readMarket : readIndex);
  }
}

/** `MarketFullFeed`; Greeks are not read: REST brings them, in a unit that is known. */
function readMarket(reader: ProtoReader, tick: Tick): void {
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x0a) tick.nested(reader, readPrice);
    else if (tag === 0x12) tick.nested(reader, readBook);
    else if (tag === 0x22) tick.nested(reader, readRanges);
    else if (tag === 0x29) tick.average = reader.double();
    else if (tag === 0x30) tick.volume = reader.varint();
    else if (tag === 0x39) tick.oi = reader.double();
    else if (tag === 0x49) tick.totalBuyQty = reader.double();
    else if (tag === 0x51) tick.totalSellQty = reader.double();
    else reader.skip(tag);
  }
}

/** `IndexFullFeed`. */
function readIndex(reader: ProtoReader, tick: Tick): void {
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x0a) tick.nested(reader, readPrice);
    else if (tag === 0x12) tick.nested(reader, readRanges);
    else reader.skip(tag);
  }
}

/** `FirstLevelWithGreeks`. */
function readFirstLevel(reader: ProtoReader, tick: Tick): void {
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x0a) tick.nested(reader, readPrice);
    else if (tag === 0x12) tick.nested(reader, readLevel);
    else if (tag === 0x20) tick.volume = reader.varint();
    else if (tag === 0x29) tick.oi = reader.double();
    else reader.skip(tag);
  }
}

/** `MarketLevel`: levels beyond the fifth are passed over. */
function readBook(reader: ProtoReader, tick: Tick): void {
  tick.hasBook = true;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x0a && tick.levelCount < depthLevels) tick.nested(reader, readLevel);
    else reader.skip(tag);
  }
}

/** `Quote`. */
function readLevel(reader: ProtoReader, tick: Tick): void {
  const { levels } = tick;
  const at = levelFigures * Math.min(tick.levelCount++, depthLevels - 1);
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x08) levels[at + 2] = reader.varint();
    else if (tag === 0x11) levels[at] = reader.double();
    else if (tag === 0x18) levels[at + 3] = reader.varint();
    else if (tag === 0x21) levels[at + 1] = reader.double();
    else reader.skip(tag);
  }
}

/** `MarketOHLC`: several intervals, of which the day's is of use. */
function readRanges(reader: ProtoReader, tick: Tick): void {
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x0a) tick.nested(reader, readRange);
    else reader.skip(tag);
  }
}

/** `OHLC`. */
function readRange(reader: ProtoReader, tick: Tick): void {
  let isDay = false;
  let open = 0;
  let high = 0;
  let low = 0;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x0a) {
      const end = reader.endOfBytes();
      const { at, bytes } = reader;
      isDay = end - at === 2 && bytes[at]! === text1d[0] && bytes[at + 1]! === text1d[1];
      if (!reader.isBroken) reader.at = end;
    } else if (tag === 0x11) open = reader.double();
    else if (tag === 0x19) high = reader.double();
    else if (tag === 0x21) low = reader.double();
    else reader.skip(tag);
  }
  if (!isDay || reader.isBroken) return;
  tick.hasDay = true;
  tick.open = open;
  tick.high = high;
  tick.low = low;
}
