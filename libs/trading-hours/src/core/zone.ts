import { Temporal } from 'temporal-polyfill';

/** Clock changes of a time zone within a range, looked up once for each change. */
export interface Zone {
  /** Epoch ms of a local time: day number and seconds after its midnight. */
  instantOf(dayNumber: number, seconds: number): number;
  /** Offset from UTC at an instant, ms. */
  offsetAt(atMs: number): number;
}

const dayMs = 86_400_000;

/**
 * The zone's offsets from two days before `fromMs` to two days after `toMs`; beyond, the outermost
 * ones go on. A local time that a clock change skips counts as if the clock had not been changed
 * yet; of one that comes twice the first is meant (as iCalendar and Temporal's `compatible` have
 * it). Throws RangeError for an unknown zone.
 */
export function zoneBetween(name: string, fromMs: number, toMs: number): Zone {
  const startMs = fromMs - 2 * dayMs;
  const starts: number[] = [-Infinity];
  let at = Temporal.Instant.fromEpochMilliseconds(startMs).toZonedDateTimeISO(name);
  const offsets: number[] = [at.offsetNanoseconds / 1e6];
  for (;;) {
    const next = at.getTimeZoneTransition('next');
    if (next === null || next.epochMilliseconds > toMs + 2 * dayMs) break;
    starts.push(next.epochMilliseconds);
    offsets.push(next.offsetNanoseconds / 1e6);
    at = next;
  }
  return fromOffsets(starts, offsets);
}

function fromOffsets(starts: readonly number[], offsets: readonly number[]): Zone {
  const periodAt = (atMs: number): number => {
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] as number) <= atMs) low = middle;
      else high = middle;
    }
    return low;
  };
  const offsetOf = (period: number): number => offsets[period] as number;
  return {
    offsetAt: (atMs) => offsetOf(periodAt(atMs)),
    instantOf(dayNumber, seconds) {
      const local = dayNumber * dayMs + seconds * 1_000;
      // Long enough before that the local time cannot lie in an earlier period.
      for (let period = periodAt(local - 1.5 * dayMs); ; period++) {
        const at = local - offsetOf(period);
        if (at >= (starts[period + 1] ?? Infinity)) continue;
        const isSkipped = at < (starts[period] as number);
        return isSkipped ? local - offsetOf(period - 1) : at;
      }
    },
  };
}
