import type { LegFigures } from '@strikewire/client';

/** Heights of the bar of a leg's open interest, and of the thin one of its change. */
const heights = { oi: '72%', change: '3px' } as const;

/** The size of an OI cell's ground: the bar, the thin bar where it grew, and where it fell. */
export function barSizes(
  { oi, oiChange }: Pick<LegFigures, 'oi' | 'oiChange'>,
  full: number,
): string {
  const grown = part(oiChange, full);
  const fallen = part(-oiChange, full);
  return [
    `${grown} ${heights.change}`,
    `${fallen} ${heights.change}`,
    `${part(oi, full)} ${heights.oi}`,
  ].join(', ');
}

function part(units: number, full: number): string {
  const share = units > 0 && full > 0 ? Math.min(1, units / full) : 0;
  return `${(share * 100).toFixed(1)}%`;
}

/** The next number with two leading digits: 1,234,567 → 1,300,000. */
export function roundedUp(value: number): number {
  if (value <= 0) return 0;
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1);
  return Math.ceil(value / unit) * unit;
}
