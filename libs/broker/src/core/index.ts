export { type AuthPort, type SignInFlow, type TokenGrant } from './auth-port';
export { credentialFields, type CredentialField } from './credential-fields';
export {
  fullDepthLevels,
  type BookSide,
  type DepthDecoder,
  type DepthFeed,
  type DepthProtocol,
  type DepthSink,
} from './depth-protocol';
export { feedLimitsSchema, wholeNumber } from './feed-limits';
export {
  type DecoderCounters,
  type FeedAddress,
  type FeedDecoder,
  type FeedEnd,
  type FeedEndKind,
  type FeedItem,
  type FeedLimits,
  type FeedMode,
  type FeedNews,
  type FeedProtocol,
  type SlotLookup,
} from './feed-protocol';
export {
  tokenKey,
  type BrokerChain,
  type BrokerGreeks,
  type BrokerLeg,
  type BrokerStrike,
  type InstrumentInfo,
  type InstrumentTable,
  type InstrumentToken,
  type ListedUnderlying,
  type MarketDataPort,
} from './market-data-port';
export {
  brokerContract,
  defineBroker,
  type AccountReport,
  type AnyBrokerPlugin,
  type BrokerCapabilities,
  type BrokerDeps,
  type BrokerInstance,
  type BrokerLimits,
  type BrokerPlugin,
  type BudgetSlot,
  type RateGate,
  type ScreenConvention,
} from './plugin';
export {
  type AccountFunds,
  type MarginFigures,
  type MarginLeg,
  type MarginPort,
} from './margin-port';
export { type OrderFeed, type OrderNews } from './order-feed';
export { type BrokerOrderLimits, type OrderRateLimit } from './order-limits';
export {
  type BrokerOrder,
  type BrokerOrderStatus,
  type BrokerPosition,
  type BrokerTrade,
  type OrderChange,
  type OrderOutcome,
  type OrderProduct,
  type OrderRequest,
  type OrdersPort,
  type OrderSide,
  type OrderType,
} from './orders-port';
export { readBookRows, UnknownStatuses, type ReadRow } from './book-rows';
export {
  denialOfClientId,
  denialOfOrderId,
  denialOfSegment,
  figuresOfChange,
  figuresOfOrder,
  orderUntold,
  pricesAsTold,
  type OrderFigures,
  type ToldPrices,
} from './order-figures';
export {
  acceptedAs,
  denied,
  isUnprovenStatus,
  modifyAsItStands,
  sendOrderRequest,
  urgentPriority,
  type OrderDenial,
  type OrderExchange,
  type OrderTicket,
  type OrderTurn,
} from './order-request';
export { nettedLegs, noMargin, type LegRules } from './margin-legs';
export { InstrumentLists, type InstrumentListParts, type UnderlyingRows } from './instrument-lists';
export { readJsonRows, type JsonRowsPlace } from './json-rows';
export { type RateRule } from './rate-rule';
export { wireRupees } from './wire-rupees';
export {
  isWireRow,
  wireNumber,
  wirePaise,
  wireText,
  wireTime,
  wireUnits,
  type WireRow,
} from './wire-value';
export {
  planCapacity,
  type CapacityPlan,
  type PlanAccount,
  type PlanItem,
  type PlanPlace,
} from './capacity-plan';
