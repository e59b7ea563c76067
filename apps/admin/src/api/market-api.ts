import {
  contractTermsSchema,
  depthSchema,
  liveChainSchema,
  type ContractTerms,
  type Depth,
  type LiveChain,
} from '@strikewire/contracts';
import type { Call } from './call';

/** Contracts one by one, as far as orders need them. */
export interface MarketApi {
  /** The book of an option, by its canonical key. */
  depth(key: string): Promise<Depth>;
  /** Lot, tick and book of an option or a future; a future is live for as long as it is read. */
  contract(key: string): Promise<ContractTerms>;
  /** The future that goes with an expiry. */
  future(underlying: string, expiry: string): Promise<ContractTerms>;
  chain(underlying: string, expiry: string): Promise<LiveChain>;
}

export function marketApi(call: Call): MarketApi {
  const get = (path: string, query: Record<string, string>) =>
    ({ method: 'GET', path: `optionchain/${path}`, query }) as const;
  return {
    depth: (key) => call(get('depth', { key }), depthSchema),
    contract: (key) => call(get('contract', { key }), contractTermsSchema),
    future: (underlying, expiry) =>
      call(get('contract', { underlying, expiry }), contractTermsSchema),
    chain: (underlying, expiry) => call(get('live', { underlying, expiry }), liveChainSchema),
  };
}
