export {
  createMemoryRegistry,
  type ChainRegistry,
  type StoredAtm,
  type StoredBuild,
  type StoredExpiries,
} from './chain-registry';
export { ChainService } from './chain-service';
export { type LiveChain } from './live-chain';
export type { OptionChainEngineOptions } from './engine-options';
export { OptionChainEngine } from './option-chain-engine';
export { type EncodedSnapshot } from './snapshot-cache';
export { StreamHub, type StreamClient, type StreamEncoding } from './stream-hub';
