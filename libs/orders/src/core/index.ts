export { type BookLevel, type OrderBook, type Touch } from './book';
export { walkBook, walkLevelsDefault, type BookWalk } from './book-walk';
export { chargeTable } from './charge-rates';
export {
  flatTwentyPlan,
  noBrokerage,
  type BrokeragePlan,
  type BrokerageRate,
  type ChargedEvent,
  type ChargeName,
  type ChargeRule,
  type ChargeTable,
  type GstRule,
} from './charge-rule';
export {
  addCharges,
  chargesOf,
  chargesSince,
  noCharges,
  type ChargedOrder,
  type Charges,
} from './charges';
export {
  analyseExecution,
  executionSettings,
  type ExecutionAdvice,
  type ExecutionAnalysis,
  type ExecutionSettings,
} from './execution-analysis';
export { analyseExit, exitSettings, type ExitAnalysis, type ExitSettings } from './exit-analysis';
export {
  settleExpiry,
  settlementValue,
  type ExpiringContract,
  type ExpiryTerms,
  type Settlement,
} from './expiry-settlement';
export {
  matchOrder,
  withoutTaken,
  type MarketTrade,
  type MarketView,
  type PaperFill,
  type PaperMatch,
} from './fills';
export {
  liquidityScore,
  liquidityWeights,
  spreadPercentOf,
  type LiquidityWeights,
} from './liquidity-score';
export {
  checkOrder,
  orderProblemCodes,
  orderSizeLimits,
  type OrderCheckContext,
  type OrderContract,
  type OrderProblem,
  type OrderProblemCode,
  type OrderSizeLimits,
  type SessionCheck,
} from './order-checks';
export {
  hasEnded,
  intendOrder,
  isLive,
  orderTimes,
  tradedQuantity,
  type LookUp,
  type LookUpNeed,
  type ModifyRequest,
  type OrderEffect,
  type OrderEvent,
  type OrderState,
  type OrderStatus,
  type OrderStep,
  type OrderTimes,
  type SubRequest,
  type SubRequestStatus,
} from './order-life';
export {
  admit,
  answered,
  noOrderRates,
  orderClosed,
  orderRateRules,
  rateUse,
  regulatorLimit,
  released,
  restoreRates,
  type Admission,
  type OrderCall,
  type OrderRateRules,
  type OrderRates,
  type RateRequest,
} from './order-rates';
export { stepOrder } from './order-state';
export {
  changePaperOrder,
  hasPaperEnded,
  paperOrder,
  type PaperContract,
  type PaperMarketSettings,
  type PaperOrder,
  type PaperStage,
  type TakenQuantity,
} from './paper-order';
export {
  applyFill,
  averagesOf,
  cashFlowOf,
  fillPosition,
  flatPosition,
  positionKey,
  profitOf,
  type Position,
  type PositionBook,
  type PositionFill,
  type ProfitAndLoss,
} from './positions';
export {
  futureProtection,
  optionProtection,
  protectPrice,
  type ProtectedPrice,
  type ProtectionSettings,
  type ProtectionSlab,
  type ProtectionTerms,
} from './price-protection';
export { sliceCap, sliceQuantity, slicesMaxDefault, type SliceTerms } from './slicing';
export { smartOrder, smartOrderSettings, type SmartOrder, type SmartOrderSettings,
  type SmartOrderTerms } from './smart-order';
