export { createBrowserHttp } from './browser/browser-http';
export { createBrowserOpenSocket } from './browser/browser-open-socket';
export { createChainClient } from './chain-client';
export type { ChainClient, ChainClientOptions, ChainWatch, Connection } from './client-types';
export type { StateWatch } from './channels/channel-desk';
export type { GreeksRow, GreeksState, PcrState, QuotesState } from './channels/state-specs';
export type { StateListener } from './channels/watched-channel';
export type { ChainHead, ChainListener, ChainView } from './chain/chain-view';
export {
  emptyLegFigures,
  readLeg,
  sumChain,
  type ChainSums,
  type LegFigures,
} from './chain/leg-figures-store';
export type { ClientCounters } from './stream-link';
export { clientLimits } from './limits';
export { requestIdOf } from './rest/answer-error';
export {
  createRestClient,
  type ChainTarget,
  type HttpSend,
  type RestClient,
} from './rest/rest-client';
