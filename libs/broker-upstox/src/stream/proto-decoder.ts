/** Kinds of values on the wire (Protocol Buffers, "Encoding"). */
const wire = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;
const varintBytesMax = 10;

/**
 * Reads protobuf in place. Whatever does not fit sets `isBroken` and answers 0; nothing is thrown
 * and nothing allocated. Positions count from the start of the buffer that a frame lies in.
 */
export class ProtoReader {
  bytes: Uint8Array = new Uint8Array();
  at = 0;
  /** End of what is being read. */
  end = 0;
  isBroken = false;
  private view: DataView = new DataView(new ArrayBuffer(0));

  open(frame: Uint8Array): void {
    // Sockets hand out slices of few large buffers: one view serves many frames.
    if (this.view.buffer !== frame.buffer) {
      this.view = new DataView(frame.buffer);
      this.bytes = new Uint8Array(frame.buffer);
    }
    this.enter(frame.byteOffset, frame.byteOffset + frame.byteLength);
    this.isBroken = false;
  }

  /** Reads on from `start`, up to `end`. */
  enter(start: number, end: number): void {
    this.at = start;
    this.end = end;
  }

  /** Number and kind of the next field; 0 at the end, and where nothing can be read. */
  tag(): number {
    return this.isBroken || this.at >= this.end ? 0 : this.varint();
  }

  /** As a number: exact below 2^53. A negative one comes out above 2^63. */
  varint(): number {
    const { bytes, end } = this;
    let at = this.at;
    let value = 0;
    let scale = 1;
    const last = Math.min(end, at + varintBytesMax);
    while (at < last) {
      const byte = bytes[at++]!;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) {
        this.at = at;
        return value;
      }
      scale *= 128;
    }
    return this.broken();
  }

  double(): number {
    const { at } = this;
    if (at + 8 > this.end) return this.broken();
    this.at = at + 8;
    return this.view.getFloat64(at, true);
  }

  /** Where the message or text ends that begins here. */
  endOfBytes(): number {
    const length = this.varint();
    if (this.isBroken || this.at + length > this.end) return this.broken();
    return this.at + length;
  }

  /** Passes over the value of a field that is not known, or of another kind than expected. */
  skip(tag: number): void {
    const kind = tag & 7;
    if (kind === wire.varint) this.varint();
    else if (kind === wire.fixed64) this.pass(8);
    else if (kind === wire.fixed32) this.pass(4);
    else if (kind === wire.bytes) {
      const end = this.endOfBytes();
      if (!this.isBroken) this.at = end;
    } else this.broken();
  }

  private pass(count: number): void {
    if (this.at + count > this.end) this.broken();
    else this.at += count;
  }

  private broken(): number {
    this.isBroken = true;
    return 0;
  }
}
