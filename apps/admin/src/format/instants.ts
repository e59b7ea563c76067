import { indiaIsoOf } from '@strikewire/contracts';
import { grouped } from './numbers';
import { dayLabel } from './times';

/** A moment in India: `11:42:07` today, else `24 Nov 11:42`. `at`: ISO-8601. */
export function instantLabel(at: string, wallMs: number): string {
  const ms = Date.parse(at);
  if (!Number.isFinite(ms)) return at;
  const then = indiaIsoOf(ms);
  if (then.slice(0, 10) === indiaIsoOf(wallMs).slice(0, 10)) return then.slice(11, 19);
  return `${dayLabel(then.slice(0, 10), wallMs)} ${then.slice(11, 16)}`;
}

/** In full, for hovering: `2026-11-24 11:42:07 IST`. */
export function instantTitle(at: string): string {
  const ms = Date.parse(at);
  if (!Number.isFinite(ms)) return at;
  return `${indiaIsoOf(ms).slice(0, 19).replace('T', ' ')} IST`;
}

/** How long, in two units: `45 s`, `12 min`, `5 h 12 m`, `3 d 4 h`, `90 d`. */
export function spanLabel(spanMs: number): string {
  const seconds = Math.max(0, Math.floor(spanMs / 1_000));
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${minutes % 60} m`;
  const days = Math.floor(hours / 24);
  return days < 30 ? `${days} d ${hours % 24} h` : `${grouped(days)} d`;
}
