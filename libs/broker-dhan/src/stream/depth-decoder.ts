import {
  fullDepthLevels,
  type BookSide,
  type DecoderCounters,
  type DepthDecoder,
  type DepthSink,
  type FeedEnd,
  type SlotLookup,
} from '@strikewire/broker';
import { readFeedEnd } from './feed-end';

/** Codes of the 20-level feed (DhanHQ v2, "Full Market Depth"): 41 is the side that buys. */
const packetCode = { bid: 41, ask: 51, disconnect: 50 } as const;

/** Length, code, segment, id, sequence: in another order than on the market feed. */
const headerBytes = 12;
/** Price as float64 of rupees, quantity, orders. */
const levelBytes = 16;
const sideBytes = headerBytes + fullDepthLevels * levelBytes;
const disconnectBytes = 14;
const paiseMax = 0x7fffffff;

const nowhere: SlotLookup = { get: () => -1 };
const nothing: DepthSink = {
  pricePaise: new Int32Array(fullDepthLevels),
  quantity: new Uint32Array(fullDepthLevels),
  orders: new Uint32Array(fullDepthLevels),
  place: () => 0,
  commit() {},
};

/**
 * Decodes the 20-level feed: little-endian packets, several to a frame, each with one side of one
 * book. Writes them straight to the columns; makes no object per packet.
 */
export class DhanDepthDecoder implements DepthDecoder {
  readonly counters: DecoderCounters = { packets: 0, unknownInstrument: 0, malformed: 0 };
  private lookup: SlotLookup = nowhere;
  private sink: DepthSink = nothing;
  private view: DataView = new DataView(new ArrayBuffer(0));

  bind(lookup: SlotLookup, sink: DepthSink): void {
    this.lookup = lookup;
    this.sink = sink;
  }

  decode(bytes: Uint8Array, isBinary: boolean): FeedEnd | undefined {
    if (!isBinary) return undefined;
    if (this.view.buffer !== bytes.buffer) this.view = new DataView(bytes.buffer);
    const { view, counters } = this;
    const end = bytes.byteOffset + bytes.byteLength;
    let at = bytes.byteOffset;
    while (at < end) {
      if (end - at < headerBytes) {
        counters.malformed++;
        return undefined;
      }
      const length = view.getUint16(at, true);
      const code = view.getUint8(at + 2);
      if (length !== bytesOf(code) || at + length > end) {
        counters.malformed++;
        // A length that can be believed leads to the next packet; any other ends the frame.
        if (length < headerBytes || at + length > end) return undefined;
      } else if (code === packetCode.disconnect) {
        counters.packets++;
        return readFeedEnd(view.getUint16(at + headerBytes, true));
      } else {
        counters.packets++;
        this.side(code === packetCode.bid ? 'bid' : 'ask', at);
      }
      at += length;
    }
    return undefined;
  }

  private side(side: BookSide, at: number): void {
    const { view, sink, lookup } = this;
    const slot = lookup.get(view.getUint8(at + 3), view.getUint32(at + 4, true));
    if (slot < 0) return void this.counters.unknownInstrument++;
    const { pricePaise, quantity, orders } = sink;
    const to = sink.place(slot, side);
    for (let level = 0; level < fullDepthLevels; level++) {
      const from = at + headerBytes + level * levelBytes;
      pricePaise[to + level] = toPaise(view.getFloat64(from, true));
      quantity[to + level] = view.getUint32(from + 8, true);
      orders[to + level] = view.getUint32(from + 12, true);
    }
    sink.commit(slot, side, fullDepthLevels);
  }
}

/** Total bytes of a packet, its header included; -1: not a packet of this feed. */
function bytesOf(code: number): number {
  if (code === packetCode.bid || code === packetCode.ask) return sideBytes;
  return code === packetCode.disconnect ? disconnectBytes : -1;
}

/** 0 for what is no price. */
function toPaise(rupees: number): number {
  const paise = Math.round(rupees * 100);
  return paise > 0 && paise <= paiseMax ? paise : 0;
}
