/** Kinds of values on the wire (Protocol Buffers, "Encoding"). */
const wire = { varint: 0, fixed64: 1, bytes: 2 } as const;
/** A new buffer for each message would cost more than filling it. */
const slabBytes = 64 * 1024;
/** No tag and number, or tag and length, takes more. */
const fieldBytesMax = 16;

/**
 * Writes protobuf messages one behind the other into large buffers, of which no part is written
 * again. Zeros are left out. Places are told from where the running message begins.
 */
export class ProtoWriter {
  private readonly encoder = new TextEncoder();
  private bytes = new Uint8Array(slabBytes);
  private view = new DataView(this.bytes.buffer);
  private start = 0;
  private at = 0;

  double(field: number, value: number): void {
    if (value === 0) return;
    this.tag(field, wire.fixed64);
    this.view.setFloat64(this.at, value, true);
    this.at += 8;
  }

  /** A whole number from 0 to 2^53; of another one what is before the point. */
  whole(field: number, value: number): void {
    const floor = Math.floor(value);
    if (floor === 0) return;
    this.tag(field, wire.varint);
    this.varint(floor);
  }

  text(field: number, text: string): void {
    const from = this.open(field);
    this.room(3 * text.length);
    this.at += this.encoder.encodeInto(text, this.bytes.subarray(this.at)).written;
    this.close(from);
  }

  /** What was written before. */
  written(bytes: Uint8Array): void {
    this.room(bytes.length);
    this.bytes.set(bytes, this.at);
    this.at += bytes.length;
  }

  /** Begins a message within one, which `close` ends: that is told where it began. */
  open(field: number): number {
    this.tag(field, wire.bytes);
    // Most are short: for the length of a longer one it is moved.
    return ++this.at - this.start;
  }

  close(place: number): void {
    const length = this.at - this.start - place;
    if (length < 0x80) {
      this.bytes[this.start + place - 1] = length;
      return;
    }
    this.room(0);
    const from = this.start + place;
    const wider = Math.ceil(Math.log2(length + 1) / 7) - 1;
    const end = this.at + wider;
    this.bytes.copyWithin(from + wider, from, this.at);
    this.at = from - 1;
    this.varint(length);
    this.at = end;
  }

  /** The message that was written; the next one begins. */
  take(): Uint8Array {
    const message = this.bytes.subarray(this.start, this.at);
    this.start = this.at;
    return message;
  }

  private tag(field: number, kind: number): void {
    this.room(0);
    this.bytes[this.at++] = (field << 3) | kind;
  }

  private varint(value: number): void {
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) {
      this.bytes[this.at++] = (rest % 0x80) | 0x80;
    }
    this.bytes[this.at++] = rest;
  }

  /** For so many bytes and a field; else the running message goes on in another buffer. */
  private room(count: number): void {
    const { bytes, start, at } = this;
    if (at + count + fieldBytesMax <= bytes.length) return;
    const needed = 2 * (at - start + count + fieldBytesMax);
    this.bytes = new Uint8Array(Math.max(slabBytes, needed));
    this.bytes.set(bytes.subarray(start, at));
    this.view = new DataView(this.bytes.buffer);
    [this.start, this.at] = [0, at - start];
  }
}
