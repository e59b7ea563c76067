import type { StreamData } from '../engine/stream-view';

/** Of RFC 6455: the whole message in one frame; a server does not mask. */
const final = 0x80;
const opcode = { text: 0x1, binary: 0x2 } as const;
/** Lengths up to this stand in the second byte; 126 and 127 say that 2 or 8 bytes follow. */
const shortMax = 125;
const mediumMax = 65_535;

/** A message as it goes over the wire: encoded once, it can be written to many sockets. */
export function socketFrame(data: StreamData): Buffer {
  const isText = typeof data === 'string';
  const length = isText ? Buffer.byteLength(data) : data.byteLength;
  const head = length <= shortMax ? 2 : length <= mediumMax ? 4 : 10;
  const frame = Buffer.allocUnsafe(head + length);
  frame[0] = final | (isText ? opcode.text : opcode.binary);
  if (head === 2) frame[1] = length;
  else if (head === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  if (isText) frame.write(data, head, 'utf8');
  else frame.set(data, head);
  return frame;
}

/** The hub gives one message to all clients of a stream in turn, and a few streams alternate. */
const heldMax = 8;

/** Remembers the latest messages as frames: who gets the same message gets the same bytes. */
export class FrameCache {
  private readonly held: { data: StreamData; frame: Buffer }[] = [];
  private next = 0;

  frameOf(data: StreamData): Buffer {
    for (const one of this.held) if (one.data === data) return one.frame;
    const frame = socketFrame(data);
    this.held[this.next] = { data, frame };
    this.next = (this.next + 1) % heldMax;
    return frame;
  }
}
