import { describe, expect, it } from 'vitest';
import { spotOfExpiry } from './spot-of-expiry';

const expiry = '2026-11-24';
const at = (text: string): number => Date.parse(`${text}+05:30`);

/** What is told at `now` when a feed brought the spot with this time of its trade; 0: none. */
function told(tradedMs: number, now: string, heard = true): number | null {
  return spotOfExpiry({
    board: {
      ltpSince: (_key, { wallMs }) => (tradedMs < wallMs ? undefined : 2_455_000),
      feedLtp: (_key, ageMsMax = Infinity) =>
        heard && ageMsMax < 3_600_000 ? 2_455_000 : undefined,
    },
    calendar: { closeMs: (_exchange, date) => at(`${date}T15:40:00`) },
    clock: { wallMs: () => at(now) },
  }, { exchange: 'NSE', underlying: 'NIFTY', expiry });
}

describe('the spot that an expiry is settled at', () => {
  it.each<[string, number | null, string, string]>([
    ['the last one of its day', 2_455_000, '2026-11-24T15:29:59', '2026-11-24T15:41:00'],
    ['the same, before anything else was traded', 2_455_000, '2026-11-24T15:29:59',
      '2026-11-25T08:30:00'],
    ['none of the next day', null, '2026-11-25T09:15:01', '2026-11-25T09:15:02'],
    ['none of an earlier day', null, '2026-11-23T15:29:59', '2026-11-25T09:00:00'],
  ])('is %s', (_what, paise, traded, now) => {
    expect(told(at(traded), now, false)).toBe(paise);
  });

  it('is one without a time only when it was heard on that day', () => {
    expect(told(0, '2026-11-24T15:41:00')).toBe(2_455_000);
    expect(told(0, '2026-11-24T15:41:00', false)).toBeNull();
    expect(told(0, '2026-11-25T08:30:00')).toBeNull();
  });
});
