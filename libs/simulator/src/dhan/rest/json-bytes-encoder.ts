const encoder = new TextEncoder();
const zero = 48;
const point = 46;
const minus = 45;
const firstBytes = 256 * 1024;
/** No single piece is longer. */
const roomBytes = 4_096;

/** JSON text of ASCII letters as bytes, for `JsonBytes.add`. */
export function ascii(text: string): Uint8Array {
  return encoder.encode(text);
}

/**
 * JSON text written straight to bytes. Strings of so many small pieces would cost several times as
 * much to join and encode. What is taken out is a copy; the buffer serves the next text.
 */
export class JsonBytes {
  private bytes = new Uint8Array(firstBytes);
  private end = 0;

  /** Text made by `ascii`. */
  add(text: Uint8Array): void {
    if (this.end + text.length + roomBytes > this.bytes.length) this.grow(text.length);
    const { bytes } = this;
    if (text.length > 64) bytes.set(text, this.end);
    else for (let at = 0; at < text.length; at++) bytes[this.end + at] = text[at]!;
    this.end += text.length;
  }

  /** Letters of ASCII, fewer than 4,000. */
  addText(text: string): void {
    for (let at = 0; at < text.length; at++) this.bytes[this.end++] = text.charCodeAt(at);
  }

  /** A whole number, not negative. */
  addWhole(value: number): void {
    if (value < 10) {
      this.bytes[this.end++] = zero + value;
      return;
    }
    const { bytes } = this;
    let digits = 2;
    for (let power = 100; power <= value; power *= 10) digits++;
    let rest = value;
    for (let at = this.end + digits - 1; at >= this.end; at--) {
      const next = Math.floor(rest / 10);
      bytes[at] = zero + (rest - 10 * next);
      rest = next;
    }
    this.end += digits;
  }

  /**
   * `value / 10^decimals` of a whole value as numbers print: no zeros at the end, a negative zero
   * with its sign. For up to 5 decimals.
   */
  addDecimal(value: number, decimals: 2 | 5): void {
    const isNegative = value < 0 || Object.is(value, -0);
    if (isNegative) this.bytes[this.end++] = minus;
    const size = Math.abs(value);
    const unit = decimals === 2 ? 100 : 100_000;
    const whole = Math.floor(size / unit);
    this.addWhole(whole);
    let rest = size - whole * unit;
    if (rest === 0) return;
    this.bytes[this.end++] = point;
    for (let power = unit / 10; rest > 0; power /= 10) {
      const digit = Math.floor(rest / power);
      this.bytes[this.end++] = zero + digit;
      rest -= digit * power;
    }
  }

  /** Bytes since `start`, as a copy. */
  since(start: number): Uint8Array {
    return this.bytes.slice(start, this.end);
  }

  get length(): number {
    return this.end;
  }

  /** Everything so far as a copy, and begins anew. */
  take(): Uint8Array {
    const taken = this.bytes.slice(0, this.end);
    this.end = 0;
    return taken;
  }

  private grow(needed: number): void {
    const larger = new Uint8Array(2 * (this.bytes.length + needed));
    larger.set(this.bytes);
    this.bytes = larger;
  }
}
