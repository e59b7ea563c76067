import { describe, expect, it } from 'vitest';
import { SilenceWatch } from './silence-watch';

/** Ticks from 0 to 20 s, and never again; looks once a second, up to when it is given up. */
function lostAt(
  peerTickMono: (nowMono: number) => number,
  { isHeir = true, ticksUntilMs = 20_000 } = {},
): number | null {
  const watch = new SilenceWatch();
  watch.opened();
  if (isHeir) {
    const other = new SilenceWatch();
    other.check({ ...never, nowMono: 9_000, lastTickMono: 8_500 }, true);
    watch.follows(other);
  }
  for (let nowMono = 1_000; nowMono < 200_000; nowMono += 1_000) {
    const lastTickMono = ticksUntilMs > 0 ? Math.min(nowMono, ticksUntilMs) : -Infinity;
    const times = { nowMono, lastTickMono, subscribedMono: 0, peerTickMono: peerTickMono(nowMono) };
    if (watch.check(times, true) !== undefined) return nowMono;
  }
  return null;
}

const never = { subscribedMono: 0, peerTickMono: -Infinity, lastTickMono: -Infinity };

describe('a connection that ticked and has fallen silent', () => {
  it('is given up after 8 s when nobody else knows more', () => {
    expect(lostAt(() => -Infinity)).toBe(29_000);
  });

  it('is given up after 3 s while a peer goes on', () => {
    expect(lostAt((nowMono) => nowMono)).toBe(24_000);
  });

  it('is not held to a peer that heard the last trade a little later, and is silent too', () => {
    expect(lostAt(() => 20_900)).toBe(29_000);
  });

  it('is not held to a single tick of a peer', () => {
    expect(lostAt((nowMono) => (nowMono >= 22_000 ? 21_500 : -Infinity))).toBe(29_000);
  });
});

describe('a connection that has never ticked', () => {
  it('has a minute alone, and 8 s beside a peer that ticks', () => {
    const options = { isHeir: false, ticksUntilMs: 0 };
    expect(lostAt(() => -Infinity, options)).toBe(61_000);
    expect(lostAt((nowMono) => nowMono, options)).toBe(9_000);
  });
});
