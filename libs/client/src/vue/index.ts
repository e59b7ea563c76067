export { useChain, type UseChain, type UseChainOptions } from './use-chain';
export {
  useAlerts,
  useGreeks,
  useOrders,
  usePcr,
  usePlatformStatus,
  useQuotes,
  type UseState,
} from './use-state';
