export { type CalendarSpread } from './calendar-charge';
export {
  dailyVolatilityOf,
  type Close,
  type DailyVolatility,
  type VolatilitySource,
} from './daily-volatility';
export {
  estimateMargin,
  isRiskFileCurrent,
  riskFileDaysMax,
  type MarginInputs,
  type MarginUnderlying,
} from './estimate-margin';
export { legOrderLimits, lowestPeakOrder, type LegOrder } from './leg-order';
export {
  type MarginEstimate,
  type MarginMethod,
  type NetGreeks,
  type UnderlyingMargin,
} from './margin-estimate';
export {
  netPositions,
  positionLimits,
  type MarginKind,
  type MarginPosition,
} from './margin-position';
export {
  type MarginRuleName,
  type MarginRuleQuery,
  type MarginRuleRow,
  type MarginRules,
  type RuleEvidence,
  type UnderlyingClass,
} from './margin-rule';
export { marginRuleRows } from './margin-rule-data';
export { marginRulesAt } from './margin-rules';
export { marginShapes, shapeOf, type MarginShape } from './position-shape';
export { preTradeMargin, type KnownMargins, type PreTradeMargin } from './pre-trade-margin';
export {
  bandOf,
  reconcile,
  reconcileLimits,
  type ComponentDifference,
  type RatioBand,
  type RatioHistory,
  type Reconciliation,
} from './reconcile';
export { type RiskContract, type RiskFile, type RiskUnderlying } from './risk-file';
export { riskFileBody, riskFileOf, type RiskFileBody } from './risk-file-body';
export { isRiskReducing, type RiskQuestion } from './risk-reducing';
export { scanRisk, type RiskLine, type ScanFigures, type ScanTerms } from './scan-risk';
export {
  readSpanFile,
  riskFileLimits,
  type RiskFileLimits,
  type RiskFileOptions,
} from './span-file';
export { strategyHash, type HashedPosition } from './strategy-hash';
