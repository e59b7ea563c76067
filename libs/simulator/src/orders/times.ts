const indiaOffsetMs = 19_800_000;

/** `YYYY-MM-DD HH:MM:SS` in India. */
export function indiaTimeText(wallMs: number): string {
  return new Date(wallMs + indiaOffsetMs).toISOString().slice(0, 19).replace('T', ' ');
}
