export { accountsBeside, defaultAccount, type AccountSeed } from './dhan/accounts';
export { defaultFeedSettings, type FeedSettings } from './dhan/feed/feed-session';
export type { ChainRule } from './dhan/limits';
export { simulatedToken } from './dhan/token';
export { violationKinds, type ViolationKind } from './dhan/violations';
export type { FaceAccounts, FaceStatus } from './faces/face';
export type { ViolationReport } from './faces/violations';
export type { Fault, FaultKind } from './faults/fault';
export type { OrderAnswer, OrderCall, OrderFault } from './faults/order-fault';
export { defaultUnderlyings } from './market/data/universe';
export type { Market, MarketOptions } from './market/market';
export { defaultRates, type TickRates } from './market/ticker';
export type { CommoditySessions, Hours, SessionEra, SessionPlan } from './market/trading-time';
export type { UnderlyingSpec } from './market/underlying';
export { defaultOpenalgoAccount, type OpenalgoAccountSeed } from './openalgo/accounts';
export type { OpenalgoOptions } from './openalgo/face';
export { openalgoViolationKinds, type OpenalgoViolationKind } from './openalgo/violations';
export type { OrderControl, OrderOwner, OtherOrder } from './orders/order-control';
export type { TrueOrder, TrueOrders, TruePosition, TrueTrade } from './orders/order-truth';
export {
  createSimulator,
  faceNames,
  type FaceName,
  type Simulator,
  type SimulatorOptions,
  type SimulatorStatus,
} from './simulator';
export type { TrueChain, TrueContract, TrueUnderlying, Truth } from './truth/truth';
export { defaultUpstoxAccount, type UpstoxAccountSeed } from './upstox/accounts';
export type { UpstoxOptions } from './upstox/face';
export { simulatedUpstoxToken } from './upstox/token';
export { upstoxViolationKinds, type UpstoxViolationKind } from './upstox/violations';
