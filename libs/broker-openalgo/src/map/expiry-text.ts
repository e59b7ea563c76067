import { isIsoDate } from '@strikewire/contracts';

const months = [
  'JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC',
];

/** Months as a part of a pattern: what stands between day and year is one of them. */
export const monthPattern = months.join('|');

/** The date of `10-JUL-25` (lists of expiries) or `10JUL25` (symbols); undefined for no date. */
export function readExpiryText(text: string): string | undefined {
  const match = /^(\d{2})(-?)([A-Z]{3})\2(\d{2})$/.exec(text.toUpperCase());
  const month = months.indexOf(match?.[3] ?? '') + 1;
  if (!match || month === 0) return undefined;
  const date = `20${match[4]}-${String(month).padStart(2, '0')}-${match[1]}`;
  return isIsoDate(date) ? date : undefined;
}

/** `2025-07-10` as `10JUL25`, as requests and symbols have it. */
export function expiryTextOf(date: string): string {
  return `${date.slice(8, 10)}${months[Number(date.slice(5, 7)) - 1] ?? ''}${date.slice(2, 4)}`;
}
