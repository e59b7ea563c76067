import { depthFields, depthLevels, type Quote } from '../../market/contract';

/** Codes of the packets that the server sends. */
export const packetCodes = {
  ticker: 2,
  quote: 4,
  oi: 5,
  previousClose: 6,
  marketStatus: 7,
  full: 8,
  disconnect: 50,
} as const;

/** Total bytes of each packet, its 8-byte header included. */
export const packetBytes = {
  ticker: 16,
  quote: 50,
  oi: 12,
  previousClose: 16,
  marketStatus: 8,
  full: 162,
  disconnect: 10,
} as const;

export type PacketName = keyof typeof packetCodes;

/** Which instrument a packet is of: the feed's segment code and the id in that segment. */
export interface PacketSubject {
  segment: number;
  id: number;
}

/** Seconds that Dhan adds to the epoch: trade times are India's wall clock read as if UTC. */
const indiaOffsetSeconds = 19_800;
/** 1980-01-01 00:00:00, which stands for "no trade". */
const noTradeSeconds = 315_532_800;
const headerBytes = 8;
const depthAt = 62;
const depthBytes = 20;

/** Writes one packet at the start of `view` and returns its length. All numbers little endian. */
export function encodePacket(
  view: DataView,
  name: Exclude<PacketName, 'disconnect'>,
  subject: PacketSubject,
  quote: Quote,
): number {
  encodeHeader(view, name, subject);
  if (name === 'ticker') encodeTicker(view, quote);
  else if (name === 'quote') encodeQuote(view, quote);
  else if (name === 'full') encodeFull(view, quote);
  else if (name === 'oi') view.setUint32(headerBytes, quote.oi, true);
  else if (name === 'previousClose') encodePreviousClose(view, quote);
  return packetBytes[name];
}

/** Where packets tell the time of the last trade. */
const tradeTimeAt: Partial<Record<PacketName, number>> = { ticker: 12, quote: 14, full: 14 };

/** Makes a packet tell another time of its trade, where it has one. */
export function shiftTradeTime(view: DataView, name: PacketName, byMs: number): void {
  const at = tradeTimeAt[name];
  const seconds = at === undefined ? noTradeSeconds : view.getUint32(at, true);
  if (at === undefined || seconds === noTradeSeconds) return;
  view.setUint32(at, seconds + Math.round(byMs / 1000), true);
}

/** A disconnect packet with its reason, for example 805. */
export function encodeDisconnect(reason: number): Uint8Array {
  const bytes = new Uint8Array(packetBytes.disconnect);
  const view = new DataView(bytes.buffer);
  encodeHeader(view, 'disconnect', { segment: 0, id: 0 });
  view.setUint16(headerBytes, reason, true);
  return bytes;
}

function encodeHeader(view: DataView, name: PacketName, { segment, id }: PacketSubject): void {
  view.setUint8(0, packetCodes[name]);
  view.setUint16(1, packetBytes[name], true);
  view.setUint8(3, segment);
  view.setUint32(4, id, true);
}

function encodeTicker(view: DataView, quote: Quote): void {
  view.setFloat32(8, quote.ltpPaise / 100, true);
  view.setUint32(12, tradeSeconds(quote.tradeMs), true);
}

function encodePreviousClose(view: DataView, quote: Quote): void {
  view.setFloat32(8, quote.closePaise / 100, true);
  view.setUint32(12, quote.previousOi, true);
}

/** Quote and full begin alike; total sell quantity comes before total buy quantity. */
function encodeShared(view: DataView, quote: Quote): void {
  view.setFloat32(8, quote.ltpPaise / 100, true);
  // Two bytes only: quantities from 65,536 on wrap, as they do on the wire.
  view.setUint16(12, quote.lastQuantity & 0xffff, true);
  view.setUint32(14, tradeSeconds(quote.tradeMs), true);
  view.setFloat32(18, Math.round(quote.averagePaise) / 100, true);
  view.setUint32(22, quote.volume, true);
  view.setUint32(26, quote.sellQuantity, true);
  view.setUint32(30, quote.buyQuantity, true);
}

/** Open, close, high, low: in this order. */
function encodeDay(view: DataView, at: number, quote: Quote): void {
  view.setFloat32(at, quote.openPaise / 100, true);
  view.setFloat32(at + 4, quote.closePaise / 100, true);
  view.setFloat32(at + 8, quote.highPaise / 100, true);
  view.setFloat32(at + 12, quote.lowPaise / 100, true);
}

function encodeQuote(view: DataView, quote: Quote): void {
  encodeShared(view, quote);
  encodeDay(view, 34, quote);
}

function encodeFull(view: DataView, quote: Quote): void {
  encodeShared(view, quote);
  view.setUint32(34, quote.oi, true);
  view.setUint32(38, quote.oiHigh, true);
  view.setUint32(42, quote.oiLow, true);
  encodeDay(view, 46, quote);
  const { depth } = quote;
  for (let level = 0; level < depthLevels; level++) {
    const from = level * depthFields;
    const at = depthAt + level * depthBytes;
    view.setUint32(at, depth[from]!, true);
    view.setUint32(at + 4, depth[from + 1]!, true);
    view.setUint16(at + 8, depth[from + 2]!, true);
    view.setUint16(at + 10, depth[from + 3]!, true);
    view.setFloat32(at + 12, depth[from + 4]! / 100, true);
    view.setFloat32(at + 16, depth[from + 5]! / 100, true);
  }
}

function tradeSeconds(tradeMs: number): number {
  return tradeMs === 0 ? noTradeSeconds : Math.floor(tradeMs / 1000) + indiaOffsetSeconds;
}
