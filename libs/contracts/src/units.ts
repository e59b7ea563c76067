const indiaOffsetMs = 5.5 * 3600 * 1000;

/** Paise from rupees, nearest (a float32 rupee price is exact to the paisa up to 131,072). */
export function paiseOf(rupees: number): number {
  return Math.round(rupees * 100);
}

/** Rupees from paise. */
export function rupeesOf(paise: number): number {
  return paise / 100;
}

/** The calendar date in India at an instant (epoch ms), `YYYY-MM-DD`; India keeps UTC+05:30. */
export function indiaDateOf(wallMs: number): string {
  return new Date(wallMs + indiaOffsetMs).toISOString().slice(0, 10);
}

/** The minute formatted last: times come in runs, and formatting a date is slow. */
let lastMinute = NaN;
let lastMinuteText = '';

/** ISO-8601 with India's offset, for example `2026-11-24T09:15:00.000+05:30`. */
export function indiaIsoOf(wallMs: number): string {
  const minute = Math.floor(wallMs / 60_000);
  if (minute !== lastMinute) {
    lastMinute = minute;
    lastMinuteText = new Date(minute * 60_000 + indiaOffsetMs).toISOString().slice(0, 17);
  }
  const inMinuteMs = Math.floor(wallMs - minute * 60_000);
  const seconds = String(Math.floor(inMinuteMs / 1_000)).padStart(2, '0');
  return `${lastMinuteText}${seconds}.${String(inMinuteMs % 1_000).padStart(3, '0')}+05:30`;
}

/** Epoch ms of a local time in India: date `YYYY-MM-DD` and minutes after midnight. */
export function indiaInstant(date: string, minutes: number): number {
  return Date.parse(`${date}T00:00:00Z`) - indiaOffsetMs + minutes * 60_000;
}
