/** Silence of ticks, on a socket that went on ticking after its subscription: it is lost. */
const tickSilentMs = 8_000;
/** The same while a peer goes on ticking with instruments that it has too. */
const peerSilentMs = 3_000;
/** A peer that is ahead by less may have been told of the same trade a little later. */
const peerAheadMs = 1_000;
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
  /** When something that this connection carries last ticked on another one. */
  peerTickMono: number;
}

/**
 * Tells when a connection that lives has ceased to deliver. Only time in an open market counts. One
 * that was ticking is replaced after 8 s; one that never really was, after 60 s, because it may
 * have fallen silent as soon as it was subscribed, and then rarely: its market may just be quiet.
 * A peer that goes on ticking with the same instruments says that it is not: 3 s and 8 s then.
 */
export class SilenceWatch {
  private closedMono = -Infinity;
  private restUntilMono = -Infinity;
  private replacements = 0;
  /** This connection has gone on ticking; a later subscription does not make it a new one. */
  private hasTicked = false;
  /** Another connection was ticking with the same instruments just before. */
  private isHeir = false;
  /** Since when a look has found a peer ahead of the silence that began at `ofMono`. */
  private ahead = { sinceMono: Infinity, ofMono: -Infinity };

  /** Another connection: what the last one did says nothing of it. */
  opened(): void {
    this.hasTicked = false;
    this.isHeir = false;
  }

  /**
   * It takes over what another connection carried: where that one was ticking, this one has to.
   * Only what has ticked itself is believed: else a halt would be handed from one to the other.
   */
  follows(other: SilenceWatch): void {
    this.isHeir = other.hasTicked;
  }

  /** For how long it has been silent, ms, when it is to be replaced now; else undefined. */
  check(times: TickTimes, isOpen: boolean): number | undefined {
    const { nowMono, lastTickMono, subscribedMono } = times;
    this.hasTicked ||= lastTickMono - subscribedMono > tickSilentMs;
    if (!isOpen) {
      this.closedMono = nowMono;
      return undefined;
    }
    if (this.hasTicked) this.replacements = 0;
    const silentSinceMono = Math.max(lastTickMono, subscribedMono, this.closedMono);
    const silentMs = nowMono - silentSinceMono;
    const isTicking = this.hasTicked || this.isHeir;
    const [aloneMs, besidePeerMs] = isTicking
      ? [tickSilentMs, peerSilentMs] : [neverTickingMs, tickSilentMs];
    const isPeerTicking = this.isPeerAhead(times, silentSinceMono);
    if (silentMs <= (isPeerTicking ? besidePeerMs : aloneMs)) return undefined;
    if (!isTicking && nowMono < this.restUntilMono) return undefined;
    this.restUntilMono = nowMono + Math.min(restMaxMs, restBaseMs * 2 ** this.replacements++);
    return silentMs;
  }

  /** Two looks have found a peer that goes on while this connection does not. */
  private isPeerAhead({ nowMono, peerTickMono }: TickTimes, ofMono: number): boolean {
    const aheadMs = peerTickMono - ofMono;
    if (aheadMs < peerAheadMs) this.ahead = { sinceMono: Infinity, ofMono };
    else if (this.ahead.ofMono !== ofMono || this.ahead.sinceMono === Infinity) {
      this.ahead = { sinceMono: nowMono, ofMono };
    }
    return nowMono - this.ahead.sinceMono >= peerAheadMs && aheadMs >= 2 * peerAheadMs;
  }
}
