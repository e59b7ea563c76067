import type { ContractTerms } from '@strikewire/contracts';
import { shallowRef, type ShallowRef } from 'vue';
import { useServices } from '../../services';
import { usePolled } from '../../use-polled';

/** What a contract's orders have to keep to; null while that is being read. */
export interface KnownTerms {
  lotSize: number;
  /** Rupees. */
  tick: number;
  freeze: number | null;
}

/** Until the platform says otherwise. */
const usualTick = 0.05;
const againMs = 2_000;

/** Lot and tick of a contract, asked for until they are told; ends with the component. */
export function useTerms(contract: string): ShallowRef<KnownTerms | null> {
  const { api, clock } = useServices();
  const known = shallowRef<KnownTerms | null>(null);
  usePolled({
    clock,
    everyMs: againMs,
    key: () => (known.value ? null : contract),
    read: async (key) => (known.value = termsOf(await api.market.contract(key))),
  });
  return known;
}

function termsOf({ lotSize, tickSize, freezeQuantity }: ContractTerms): KnownTerms {
  return { lotSize, tick: tickSize || usualTick, freeze: freezeQuantity };
}

/** What a form begins with, before anything is known of the contract. */
export function assumedTerms(lotSize: number): KnownTerms {
  return { lotSize, tick: usualTick, freeze: null };
}
