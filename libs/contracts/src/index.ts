export {
  exchanges,
  isIsoDate,
  isSymbol,
  optionKey,
  parseOptionKey,
  strikeText,
  underlyingKey,
  type ContractKey,
  type Exchange,
  type OptionRef,
  type OptionType,
  type UnderlyingRef,
} from './contract-key';
export {
  chainStateSchema,
  expiriesSchema,
  feedSocketSchema,
  healthSchema,
  statusSchema,
  underlyingsSchema,
  type ChainState,
  type Expiries,
  type Health,
  type PlatformStatus,
  type Underlyings,
} from './rest/catalogue';
export { errorBodySchema, type ErrorBody } from './rest/error-body';
export {
  expiriesQuerySchema,
  expirySchema,
  greeksSchema,
  legSchema,
  liveChainSchema,
  liveQuerySchema,
  strikeSchema,
  symbolSchema,
  type Leg,
  type LiveChain,
  type LiveQuery,
} from './rest/live-chain';
export {
  chainHeadSchema,
  chainLayoutSchema,
  clientMessageSchema,
  legUpdateSchema,
  serverMessageSchema,
  socketLimits,
  type ChainLayout,
  type ClientMessage,
  type ServerMessage,
} from './socket/chain-channel';
export { indiaDateOf, indiaInstant, indiaIsoOf, paiseOf, rupeesOf } from './units';
