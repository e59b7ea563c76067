import { packetBytes } from './packets-encoder';

/** How packets share WebSocket messages. */
export interface Packing {
  /** Share of messages that hold a few packets even when there is little to send. */
  share: number;
  /** From this many packets in one bundle on, messages hold `fullFrame` packets each. */
  busyFrom: number;
  fullFrame: number;
}

const fewPackets = 3;

/** A new buffer for each message would cost more than filling it. */
const slabBytes = 64 * 1024;

/**
 * Collects packets into messages. Messages lie behind each other in large buffers, and none is ever
 * written again: sockets keep what they are given until it is on the wire.
 */
export class FrameBatch {
  private readonly packing: Packing;
  private readonly unit: () => number;
  private readonly emit: (frame: Uint8Array) => void;
  private slab = new Uint8Array(0);
  /** Where in the slab the running message begins, and where it goes on. */
  private start = 0;
  private end = 0;
  private packetsLeft = 0;
  private inBundle = 0;

  /** `unit` gives random numbers in [0, 1). */
  constructor(packing: Packing, unit: () => number, emit: (frame: Uint8Array) => void) {
    this.packing = packing;
    this.unit = unit;
    this.emit = emit;
  }

  /** Copies a packet. */
  add(packet: Uint8Array): void {
    if (this.packetsLeft === 0) this.open();
    this.slab.set(packet, this.end);
    this.end += packet.length;
    this.inBundle++;
    if (--this.packetsLeft === 0) this.send();
  }

  /** Sends what is left; called at the end of each bundle. */
  flush(): void {
    if (this.packetsLeft > 0) this.send();
    this.inBundle = 0;
  }

  private open(): void {
    const { share, busyFrom, fullFrame } = this.packing;
    const isBusy = this.inBundle >= busyFrom;
    this.packetsLeft = isBusy ? fullFrame : this.unit() < share ? fewPackets : 1;
    const bytesMost = this.packetsLeft * packetBytes.full;
    if (this.end + bytesMost <= this.slab.length) return;
    this.slab = new Uint8Array(Math.max(slabBytes, bytesMost));
    this.start = this.end = 0;
  }

  private send(): void {
    const frame = this.slab.subarray(this.start, this.end);
    this.start = this.end;
    this.packetsLeft = 0;
    this.emit(frame);
  }
}
