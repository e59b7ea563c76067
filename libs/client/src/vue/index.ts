export { useChain, type UseChain, type UseChainOptions } from './use-chain';
export {
  useAlerts,
  useGreeks,
  usePcr,
  usePlatformStatus,
  useQuotes,
  type UseState,
} from './use-state';
