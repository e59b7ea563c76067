export { createBrowserHttp } from './browser/browser-http';
export { createBrowserOpenSocket } from './browser/browser-open-socket';
export {
  createChainClient,
  type ChainClient,
  type ChainClientOptions,
  type ChainWatch,
  type Connection,
} from './chain-client';
export type { ChainHead, ChainListener, ChainView } from './chain/chain-view';
export {
  emptyLegFigures,
  readLeg,
  sumChain,
  type ChainSums,
  type LegFigures,
} from './chain/leg-figures-store';
export type { ClientCounters } from './chain/watched-chain';
export { clientLimits } from './limits';
export { requestIdOf } from './rest/answer-error';
export {
  createRestClient,
  type ChainTarget,
  type HttpSend,
  type RestClient,
} from './rest/rest-client';
