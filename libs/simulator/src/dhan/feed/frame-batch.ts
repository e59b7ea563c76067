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

/**
 * Collects packets into messages. Each message is a buffer of its own that is never written again,
 * for sockets keep what they are given until it is on the wire.
 */
export class FrameBatch {
  private readonly packing: Packing;
  private readonly unit: () => number;
  private readonly emit: (frame: Uint8Array) => void;
  private frame: Uint8Array | undefined;
  private used = 0;
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
    if (!this.frame) this.open();
    this.frame!.set(packet, this.used);
    this.used += packet.length;
    this.inBundle++;
    if (--this.packetsLeft === 0) this.send();
  }

  /** Sends what is left; called at the end of each bundle. */
  flush(): void {
    if (this.frame) this.send();
    this.inBundle = 0;
  }

  private open(): void {
    const { share, busyFrom, fullFrame } = this.packing;
    const isBusy = this.inBundle >= busyFrom;
    this.packetsLeft = isBusy ? fullFrame : this.unit() < share ? fewPackets : 1;
    this.frame = new Uint8Array(this.packetsLeft * packetBytes.full);
    this.used = 0;
  }

  private send(): void {
    const frame = this.frame!.subarray(0, this.used);
    this.frame = undefined;
    this.emit(frame);
  }
}
