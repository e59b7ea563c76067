import type { OptionType } from '@strikewire/contracts';

/**
 * Distance from the anchor in listed strikes: `ATM`, `ITM1`, `OTM3`. A call below the anchor is
 * in the money, a put above it. `null` without an anchor (-1).
 */
export function tagOf(strikeIndex: number, anchorIndex: number, type: OptionType): string | null {
  if (anchorIndex < 0) return null;
  const distance = strikeIndex - anchorIndex;
  if (distance === 0) return 'ATM';
  const isInTheMoney = type === 'CE' ? distance < 0 : distance > 0;
  return `${isInTheMoney ? 'ITM' : 'OTM'}${Math.abs(distance)}`;
}
