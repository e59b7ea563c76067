import type { InstrumentToken } from '@strikewire/broker';
import { instrumentKeyOf } from './instrument-key';
import { segmentNames } from './segments';

const bar = 0x7c;
const zero = 0x30;
/** Longer runs of digits might not fit in 32 bits. */
const digitsMax = 9;
/** FNV-1a, 32 bits. */
const hashStart = 0x811c9dc5 | 0;
const hashPrime = 0x01000193;
/** Names are told apart by 11 more bits in the segment's number, which has 15 in all. */
const nameHashes = 2_047;
const segmentNumbers = 16;

const segmentHashes = Int32Array.from(segmentNames, (name) =>
  [...new TextEncoder().encode(name)].reduce(mix, hashStart),
);

/**
 * Numbers of instrument keys. Derivatives are numbered by their segment and exchange token; names
 * and ISINs, of which there are a few hundred, by 43 bits of hash. So the numbers of a key are
 * always the same, whoever asks: there is no table to fill, and none to share.
 */
export class WireKey {
  /** -1 for what is no instrument key. */
  segment = -1;
  id = 0;

  /** Reads the key that lies in `bytes` from `start` to `end`; hot. */
  read(bytes: Uint8Array, start: number, end: number): void {
    this.segment = -1;
    let prefix = hashStart;
    let at = start;
    while (at < end && bytes[at]! !== bar) prefix = mix(prefix, bytes[at++]!);
    const code = segmentHashes.indexOf(prefix);
    if (code < 0 || ++at >= end) return;
    if (end - at > digitsMax || bytes[at]! === zero || !this.readDigits(bytes, at, end)) {
      return this.readName(bytes, at, end, code);
    }
    this.segment = code;
  }

  private readDigits(bytes: Uint8Array, start: number, end: number): boolean {
    let number = 0;
    for (let at = start; at < end; at++) {
      const digit = bytes[at]! - zero;
      if (digit < 0 || digit > 9) return false;
      number = number * 10 + digit;
    }
    this.id = number;
    return true;
  }

  private readName(bytes: Uint8Array, start: number, end: number, code: number): void {
    let first = hashStart;
    let second = code;
    for (let at = start; at < end; at++) {
      first = mix(first, bytes[at]!);
      second = Math.imul(second ^ (second >>> 15) ^ bytes[at]!, 0x85ebca6b) + 1;
    }
    this.id = first >>> 0;
    this.segment = code + segmentNumbers * (1 + ((second >>> 0) % nameHashes));
  }
}

function mix(hash: number, byte: number): number {
  return Math.imul(hash ^ byte, hashPrime);
}

/** The wire's numbers of a token: what a decoder reads from its key's bytes. */
export function wireIdOf(token: InstrumentToken): { segment: number; id: number } {
  const bytes = new TextEncoder().encode(instrumentKeyOf(token));
  const key = new WireKey();
  key.read(bytes, 0, bytes.length);
  return { segment: key.segment, id: key.id };
}
