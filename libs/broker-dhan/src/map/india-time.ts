const pattern = /^(\d{4})-(\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})(?:\.\d+)?$/;

/** Epoch ms of `YYYY-MM-DD HH:MM:SS` in India; null for none, which is the year 1 on the wire. */
export function indiaTimeOf(value: unknown): number | null {
  const match = typeof value === 'string' ? pattern.exec(value.trim()) : null;
  if (!match || Number(match[1]) < 2000) return null;
  const timeMs = Date.parse(`${match[1]}-${match[2]}T${match[3]}+05:30`);
  return Number.isFinite(timeMs) ? timeMs : null;
}
