export { erf, erfc, erfcx } from './error-function-kernel';
export { inverseNormal, normalCdf, normalDensity } from './normal-kernel';
export { normalisedBlack, relativeBlack } from './normalised-black-kernel';
export { coldVol, warmVol } from './normalised-vol-kernel';
export {
  impliedVol,
  optionPrice,
  solveTotalVol,
  writeGreeks,
  type GreekColumns,
} from './option-kernel';
export { PricingTerms, type PricingModel } from './pricing-terms';
export { ivStatus, type IvStatus } from './status';
