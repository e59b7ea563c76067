export { accountsBeside, defaultAccount, type AccountSeed } from './dhan/accounts';
export { defaultFeedSettings, type FeedSettings } from './dhan/feed/feed-session';
export type { ChainRule } from './dhan/limits';
export { simulatedToken } from './dhan/token';
export { violationKinds, type ViolationKind, type ViolationReport } from './dhan/violations';
export type { Fault, FaultKind } from './faults/fault';
export { defaultUnderlyings } from './market/data/universe';
export type { Market, MarketOptions } from './market/market';
export { defaultRates, type TickRates } from './market/ticker';
export type { CommoditySessions, Hours, SessionEra, SessionPlan } from './market/trading-time';
export type { UnderlyingSpec } from './market/underlying';
export {
  createSimulator,
  type Simulator,
  type SimulatorOptions,
  type SimulatorStatus,
} from './simulator';
export type { TrueChain, TrueContract, TrueUnderlying, Truth } from './truth/truth';
