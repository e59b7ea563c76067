import { ageLabel } from './times';

/** From these ages on a live figure is shown as late, and as stale (milliseconds). */
export const ageLimitsMs = { late: 5_000, stale: 30_000 } as const;

export interface AgeLevel {
  level: 'live' | 'late' | 'stale' | 'closed' | 'none';
  text: string;
}

/** How an age reads: `live`, amber `12 s`, red `3 min`; a closed market ages nothing. */
export function ageLevelOf(ageMs: number | null, isOpen = true): AgeLevel {
  if (!isOpen) return { level: 'closed', text: 'closed' };
  if (ageMs === null) return { level: 'none', text: 'no tick yet' };
  if (ageMs < ageLimitsMs.late) return { level: 'live', text: 'live' };
  return { level: ageMs < ageLimitsMs.stale ? 'late' : 'stale', text: ageLabel(ageMs) };
}
