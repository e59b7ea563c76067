/** A new buffer for each frame would cost more than the copy. */
const slabBytes = 64 * 1024;
/** UTF-8 takes no more of one unit of a string. */
const bytesPerUnitMax = 3;

/**
 * Copies of frames, behind each other in large buffers of which no part is ever written again.
 * Text becomes UTF-8.
 */
export class FrameCopies {
  private readonly encoder = new TextEncoder();
  private slab = new Uint8Array(0);
  private end = 0;

  of(data: string | Uint8Array): Uint8Array {
    const isText = typeof data === 'string';
    this.makeRoom(isText ? data.length * bytesPerUnitMax : data.length);
    const { slab, end: start } = this;
    if (isText) this.end += this.encoder.encodeInto(data, slab.subarray(start)).written;
    else {
      slab.set(data, start);
      this.end += data.length;
    }
    return slab.subarray(start, this.end);
  }

  private makeRoom(bytes: number): void {
    if (this.end + bytes <= this.slab.length) return;
    this.slab = new Uint8Array(Math.max(slabBytes, bytes));
    this.end = 0;
  }
}
