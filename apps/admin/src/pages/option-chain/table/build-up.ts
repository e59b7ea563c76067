import type { LegFigures } from '@strikewire/client';

/** What price and open interest against the day before say together. */
export interface BuildUp {
  /** As it is written: `Long build-up`. */
  word: string;
  /** Of the price: 1 up, −1 down. */
  sign: 1 | -1;
  /** What it comes from, as a sentence. */
  about: string;
}

const longBuildUp: BuildUp = {
  word: 'Long build-up',
  sign: 1,
  about: 'price up and open interest up since the previous day',
};
const shortCovering: BuildUp = {
  word: 'Short covering',
  sign: 1,
  about: 'price up and open interest down since the previous day',
};
const shortBuildUp: BuildUp = {
  word: 'Short build-up',
  sign: -1,
  about: 'price down and open interest up since the previous day',
};
const longUnwinding: BuildUp = {
  word: 'Long unwinding',
  sign: -1,
  about: 'price down and open interest down since the previous day',
};

/** Null when price or open interest stand still, or either is not known against the day before. */
export function buildUpOf({
  changePaise,
  oiChange,
}: Pick<LegFigures, 'changePaise' | 'oiChange'>): BuildUp | null {
  if (!Number.isFinite(changePaise) || !Number.isFinite(oiChange)) return null;
  if (changePaise === 0 || oiChange === 0) return null;
  if (changePaise > 0) return oiChange > 0 ? longBuildUp : shortCovering;
  return oiChange > 0 ? shortBuildUp : longUnwinding;
}
