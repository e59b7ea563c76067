import type { TradingHoursInput } from '../core/template';
import { always } from './always';
import { mcxCommodities, mcxCrops } from './commodities';
import { nseCurrency } from './currency';
import { bseDerivatives, nseDerivatives } from './derivatives';
import { nseEquity } from './equity';

export { always as alwaysHours } from './always';

/** Hours that come along; the first of each exchange and segment counts at the first start. */
export const tradingHoursPresets: readonly TradingHoursInput[] = [
  nseDerivatives,
  nseEquity,
  bseDerivatives,
  mcxCommodities,
  mcxCrops,
  nseCurrency,
  always,
].map(({ dates = [], ...preset }) => {
  return { ...preset, dates: [...dates].sort((a, b) => Date.parse(a.date) - Date.parse(b.date)) };
});
