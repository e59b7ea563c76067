/** FNV-1a, 32 bits. */
const hashStart = 0x811c9dc5 | 0;
const hashPrime = 0x01000193;
/** A segment's number has 15 bits, of which the last value stays free. */
const segmentNumbers = 32_767;

/**
 * Numbers of an instrument that the wire names by two texts: 47 bits of hash. So they are always
 * the same, whoever asks: there is no table to fill, and none to share.
 */
export class WireId {
  segment = -1;
  id = 0;

  /** Works out the numbers of an exchange code and a symbol; hot. */
  read(exchange: string, symbol: string): void {
    let first = hashStart;
    let second = 0;
    const length = exchange.length + 1 + symbol.length;
    for (let at = 0; at < length; at++) {
      const behind = at - exchange.length;
      // Neither text has a zero in it.
      const code = behind < 0 ? exchange.charCodeAt(at)
        : behind === 0 ? 0 : symbol.charCodeAt(behind - 1);
      first = Math.imul(first ^ code, hashPrime);
      second = Math.imul(second ^ (second >>> 15) ^ code, 0x85ebca6b) + 1;
    }
    this.id = first >>> 0;
    this.segment = (second >>> 0) % segmentNumbers;
  }
}
