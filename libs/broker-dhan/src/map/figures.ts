import { wireNumber } from '@strikewire/broker';
import { paiseOf } from '@strikewire/contracts';

/** A whole number that counts something; null for everything else, below zero too. */
export function countOf(value: unknown): number | null {
  const number = wireNumber(value);
  return number !== null && Number.isSafeInteger(number) && number >= 0 ? number : null;
}

/** Whether units or paise are some: a whole number above 0. */
export function isAmount(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0;
}

/** Paise of a price that is one: 0 stands for "none" on the wire. */
export function priceOf(value: unknown): number | null {
  const number = wireNumber(value);
  const paise = number === null ? 0 : paiseOf(number);
  return Number.isSafeInteger(paise) && paise > 0 ? paise : null;
}

/** A text with something in it; null for `NA`, which stands for "none" on the wire. */
export function wordOf(value: unknown): string | null {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && text.trim() !== '' && text !== 'NA' ? text.trim() : null;
}
