export {
  createMemoryNetwork,
  type MemoryNetwork,
  type MemoryNetworkOptions,
} from './memory-network';
export { createVirtualClock, type VirtualClock } from './virtual-clock';
