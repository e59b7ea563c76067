export { useChain, type UseChain, type UseChainOptions } from './use-chain';
