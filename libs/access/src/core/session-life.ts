/** How long sessions last. */
export interface SessionLimits {
  /** Ends when nothing was asked for this long. */
  idleMs: number;
  /** Ends then in any case. */
  absoluteMs: number;
  /** Dangerous acts need the password again after this long. */
  stepUpMs: number;
}

/** A working day at the desk, one sign-in a day, ten minutes for what is dangerous. */
export const usualSessionLimits: SessionLimits = {
  idleMs: 8 * 3_600_000,
  absoluteMs: 24 * 3_600_000,
  stepUpMs: 10 * 60_000,
};

/** What a session's life depends on; epoch ms. */
export interface SessionTimes {
  signedInMs: number;
  lastSeenMs: number;
}

/** When a session ends if nothing more is asked, and when in any case; epoch ms. */
export function sessionEnds(
  { signedInMs, lastSeenMs }: SessionTimes,
  { idleMs, absoluteMs }: SessionLimits,
): { idleEndsMs: number; endsMs: number } {
  const endsMs = signedInMs + absoluteMs;
  return { idleEndsMs: Math.min(endsMs, lastSeenMs + idleMs), endsMs };
}

/** Whether a session is over. A clock that was set back ends nothing. */
export function isOver(times: SessionTimes, limits: SessionLimits, nowMs: number): boolean {
  return nowMs >= sessionEnds(times, limits).idleEndsMs;
}
