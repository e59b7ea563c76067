import { mix } from './noise';

/** Of the right shape, made up from the symbol. */
export function isinOf(symbol: string): string {
  let number = 0;
  for (const letter of symbol) number = mix(number, letter.charCodeAt(0));
  return `INE${String(number % 1_000_000).padStart(6, '0')}01014`;
}
