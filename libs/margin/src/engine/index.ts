export type { KnownFunds, MarginAccount } from './margin-account';
export { createMarginDesk } from './create-margin-desk';
export type { MarginDeskDeps, RunningMarginDesk } from './margin-desk-deps';
export {
  type MarginAnswer,
  type MarginDesk,
  type MarginEvent,
  type MarginQuestion,
} from './margin-desk';
export {
  createMarginEstimator,
  type EstimateOutcome,
  type MarginEstimator,
  type MarginEstimatorDeps,
  type MarginMoment,
  type UnderlyingFigures,
} from './margin-estimator';
export { defaultMarginSettings, type MarginSettings } from './margin-settings';
export type { MarginStore, StoredRatios } from './margin-store';
export {
  basketMarginView,
  brokerMarginView,
  marginEstimateView,
  type SpotOf,
} from './margin-views';
export { marginPositionOf } from './trial-positions';
export type { MarginNews } from './ratio-book';
