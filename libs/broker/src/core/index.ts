export { credentialFields, type CredentialField } from './credential-fields';
export {
  type DecoderCounters,
  type FeedDecoder,
  type FeedEnd,
  type FeedEndKind,
  type FeedItem,
  type FeedLimits,
  type FeedMode,
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
export { type RateRule } from './rate-rule';
export {
  planCapacity,
  type CapacityPlan,
  type PlanAccount,
  type PlanItem,
  type PlanPlace,
} from './capacity-plan';
