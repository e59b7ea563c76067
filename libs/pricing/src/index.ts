export {
  calendarDays,
  conventions,
  tradingDays,
  yearsToExpiry,
  type DayCount,
  type PricingConvention,
  type TradingMsBetween,
} from './convention';
export { LegBatch, type LegFigures, type LegInputs } from './leg-batch';
export {
  impliedVol,
  logMoneyness,
  optionPrice,
  solveTotalVol,
  writeGreeks,
  writeIntrinsicGreeks,
  type GreekColumns,
} from './option-kernel';
export {
  ParityForward,
  type ForwardEstimate,
  type ForwardFallbacks,
  type ParityQuotes,
} from './parity-forward-batch';
export { PricingTerms, type PricingModel } from './pricing-terms';
export {
  isOutsideQuote,
  solveQuoteVols,
  tickRupees,
  tickUncertaintyPoints,
  uninformativePoints,
  type QuoteVolColumns,
} from './quality-batch';
export { ivStatus, type IvStatus } from './status';
