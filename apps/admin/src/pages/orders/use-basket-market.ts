import type { ContractTerms, LiveChain } from '@strikewire/contracts';
import { computed, type ComputedRef } from 'vue';
import { errorMessageOf } from '@strikewire/runtime';
import { useServices } from '../../services';
import { usePolled } from '../../use-polled';
import type { BasketLeg } from './basket';
import { basketDrawings, chainName, type BasketDrawing, type BasketMarket } from './basket-drawing';
import { contractParts } from './contract-words';

const nothingRead: BasketMarket = { chains: new Map(), futures: new Map(), trouble: '' };

/** Reads the chains and futures that legs are of; ends with the component. */
export function useBasketMarket(
  basket: () => readonly BasketLeg[],
): ComputedRef<BasketDrawing[]> {
  const { api, clock } = useServices();
  const wanted = computed(() => {
    const names = basket().map(({ ticket: { contract } }) => {
      const parts = contractParts(contract);
      return parts.kind === 'FUT' ? contract : chainName(parts);
    });
    return [...new Set(names)].sort().join('|');
  });
  const { data } = usePolled({
    clock,
    everyMs: 4_000,
    key: () => wanted.value || null,
    read: async (text): Promise<BasketMarket> => {
      const chains = new Map<string, LiveChain>();
      const futures = new Map<string, ContractTerms>();
      const troubles = await Promise.all(text.split('|').map(async (name) => {
        const [underlying = '', expiry] = name.split(' ');
        try {
          if (expiry === undefined) futures.set(name, await api.market.contract(name));
          else chains.set(name, await api.market.chain(underlying, expiry));
          return '';
        } catch (error) {
          return errorMessageOf(error);
        }
      }));
      return { chains, futures, trouble: troubles.find((one) => one !== '') ?? '' };
    },
  });
  return computed(() => basketDrawings(basket(), data.value ?? nothingRead, clock.wallMs()));
}
