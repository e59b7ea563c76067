import { emptyQuote, type Contract } from '../../market/contract';
import { segmentCode } from '../segments';
import {
  encodePacket, packetBytes, shiftTradeTime, type PacketName,
} from './packets-encoder';

/** Encodes packets of contracts. What is returned is overwritten by the next call of that name. */
export interface PacketSource {
  of(name: Exclude<PacketName, 'disconnect' | 'marketStatus'>, contract: Contract): Uint8Array;
  marketStatus(): Uint8Array;
}

/** `skewMs`: how far the times that packets tell are ahead. */
export function createPacketSource(skewMs: () => number): PacketSource {
  const scratch = Object.fromEntries(Object.entries(packetBytes).map(([name, length]) => {
    const bytes = new Uint8Array(length);
    return [name, { bytes, view: new DataView(bytes.buffer) }];
  })) as Record<PacketName, { view: DataView; bytes: Uint8Array }>;
  const encode = (
    name: Exclude<PacketName, 'disconnect'>,
    subject: { segment: number; id: number },
    quote: Contract | ReturnType<typeof emptyQuote>,
  ): Uint8Array => {
    const { view, bytes } = scratch[name];
    encodePacket(view, name, subject, quote);
    const skew = skewMs();
    if (skew !== 0) shiftTradeTime(view, name, skew);
    return bytes;
  };
  return {
    of: (name, contract) =>
      encode(name, { segment: segmentCode(contract.place), id: contract.id }, contract),
    marketStatus: () => encode('marketStatus', { segment: 0, id: 0 }, emptyQuote()),
  };
}
