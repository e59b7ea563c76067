import { wireNumber } from './wire-value';

/** A thousand crore rupees: more is no money of one account. */
const accountRupeesMax = 10_000_000_000;

/**
 * Rupees of an account, such as its margin, its funds, or a debit below zero. Takes anything, never
 * throws; null for what is no number, or cannot be (-3.4e38 is one that occurs).
 */
export function wireRupees(value: unknown): number | null {
  const rupees = wireNumber(value);
  return rupees !== null && Math.abs(rupees) <= accountRupeesMax ? rupees : null;
}
