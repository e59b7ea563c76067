import type { Contract } from '../../market/contract';
import { segmentCode } from '../segments';
import { deepLevels, deepSide } from './deep-book';

/** Response codes of the depth socket: the side that buys, and the side that sells. */
export const depthCodes = { bid: 41, ask: 51, disconnect: 50 } as const;

const headerBytes = 12;
const levelBytes = 16;
/** Bytes of one side's packet. */
export const depthSideBytes = headerBytes + deepLevels * levelBytes;
const disconnectBytes = 14;

/**
 * Both sides of a contract's book, bid before ask, stacked as one message. Little endian; the
 * header's order is another one than the market feed's.
 */
export function encodeDepth(contract: Contract, sequence: number): Uint8Array {
  const bytes = new Uint8Array(2 * depthSideBytes);
  const view = new DataView(bytes.buffer);
  for (const [index, side] of (['bid', 'ask'] as const).entries()) {
    const start = index * depthSideBytes;
    view.setInt16(start, depthSideBytes, true);
    view.setUint8(start + 2, depthCodes[side]);
    view.setUint8(start + 3, segmentCode(contract.place));
    view.setInt32(start + 4, contract.id, true);
    view.setUint32(start + 8, sequence, true);
    for (const [level, { pricePaise, quantity, orders }] of deepSide(contract, side).entries()) {
      const at = start + headerBytes + level * levelBytes;
      view.setFloat64(at, pricePaise / 100, true);
      view.setUint32(at + 8, quantity, true);
      view.setUint32(at + 12, orders, true);
    }
  }
  return bytes;
}

/** The packet that ends a connection, with its reason, for example 805. */
export function encodeDepthDisconnect(reason: number): Uint8Array {
  const bytes = new Uint8Array(disconnectBytes);
  const view = new DataView(bytes.buffer);
  view.setInt16(0, disconnectBytes, true);
  view.setUint8(2, depthCodes.disconnect);
  view.setInt16(headerBytes, reason, true);
  return bytes;
}
