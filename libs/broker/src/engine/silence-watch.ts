/** Silence of ticks, on a socket that went on ticking after its subscription: it is lost. */
const tickSilentMs = 8_000;
/** The same on one that never did, or just sent its first snapshots: perhaps nothing trades. */
const neverTickingMs = 60_000;
/** Between two replacements while the silence lasts; twice as long each time, up to the second. */
const restBaseMs = 600_000;
const restMaxMs = 3_600_000;

/** Where a connection stands, by the monotonic clock; -Infinity for never. */
export interface TickTimes {
  nowMono: number;
  lastTickMono: number;
  /** When the last of its subscribe messages was sent. */
  subscribedMono: number;
}

/**
 * Tells when a connection that lives has ceased to deliver. Only time in an open market counts. One
 * that was ticking is replaced after 8 s; one that never really was, after 60 s, because it may
 * have fallen silent as soon as it was subscribed, and then rarely: its market may just be quiet.
 */
export class SilenceWatch {
  private closedMono = -Infinity;
  private restUntilMono = -Infinity;
  private replacements = 0;
  /** This connection has gone on ticking; a later subscription does not make it a new one. */
  private hasTicked = false;

  /** Another connection: what the last one did says nothing of it. */
  opened(): void {
    this.hasTicked = false;
  }

  /** For how long it has been silent, ms, when it is to be replaced now; else undefined. */
  check({ nowMono, lastTickMono, subscribedMono }: TickTimes, isOpen: boolean): number | undefined {
    this.hasTicked ||= lastTickMono - subscribedMono > tickSilentMs;
    if (!isOpen) {
      this.closedMono = nowMono;
      return undefined;
    }
    if (this.hasTicked) this.replacements = 0;
    const silentMs = nowMono - Math.max(lastTickMono, subscribedMono, this.closedMono);
    if (silentMs <= (this.hasTicked ? tickSilentMs : neverTickingMs)) return undefined;
    if (!this.hasTicked && nowMono < this.restUntilMono) return undefined;
    this.restUntilMono = nowMono + Math.min(restMaxMs, restBaseMs * 2 ** this.replacements++);
    return silentMs;
  }
}
