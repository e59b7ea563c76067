export {
  createMemoryRegistry,
  type ChainRegistry,
  type StoredAtm,
  type StoredBuild,
  type StoredExpiries,
} from './chain-registry';
export { mirrorTtlMs, type ChainMirrorStore, type MirrorEntry } from './chain-mirror-store';
export { ChainService } from './chain-service';
export type { ContractTermsDesk } from './contract-terms';
export type { ContractDesk, ContractFacts, ContractReading } from './contract-reading';
export { type LiveChain } from './live-chain';
export type { OptionChainEngineOptions } from './engine-options';
export { OptionChainEngine } from './option-chain-engine';
export { type ManualRefresh, type RefreshJob } from './manual-refresh';
export { OrderedChannel } from './ordered-channel';
export { createOrderedChannels, type OrderedChannels } from './ordered-channels';
export { type EncodedSnapshot } from './answer-cache';
export type { StreamEncoding } from './chain-view';
export type { StreamClient } from './stream-client';
export { StreamHub } from './stream-hub';
export type { DailyClose } from './underlying-close';
