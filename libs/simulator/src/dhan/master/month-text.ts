const months = 'JanFebMarAprMayJunJulAugSepOctNovDec';

/** `Sep` of a date. */
export function monthText(date: string): string {
  const at = 3 * (Number(date.slice(5, 7)) - 1);
  return months.slice(at, at + 3);
}
