import type { ChainTarget } from '@strikewire/client';
import type { ChainState, Expiries, Underlyings } from '@strikewire/contracts';
import { watch } from 'vue';
import type { Services } from '../../services';
import { usePolled, type Polled } from '../../use-polled';

export interface Catalogue {
  underlyings: Polled<Underlyings>;
  expiries: Polled<Expiries>;
}

/** What the address names; null where it leaves something out. */
export interface Place {
  underlying: string | null;
  expiry: string | null;
}

/**
 * The lists to choose from. What an address leaves out is given to `complete`: the underlying
 * looked at last, else the first that is built; its nearest chain that is built.
 */
export function useCatalogue(
  { client, clock, memory }: Services,
  place: () => Place,
  complete: (to: ChainTarget) => void,
): Catalogue {
  const { rest } = client;
  const underlyings = usePolled({
    clock,
    everyMs: 10_000,
    key: () => true,
    read: () => rest.underlyings(),
  });
  const expiries = usePolled({
    clock,
    everyMs: 5_000,
    key: () => place().underlying,
    read: (underlying) => rest.expiries(underlying),
  });
  watch(
    [place, underlyings.data, expiries.data],
    ([{ underlying, expiry }, known, dates]) => {
      if (underlying === null) {
        const chosen = chooseUnderlying(known, memory.get('underlying'));
        if (chosen) complete({ underlying: chosen });
        return;
      }
      if (dates?.underlying !== underlying) return;
      memory.set('underlying', underlying);
      const nearest = nearestChain(dates.chains)?.expiry;
      if (expiry === null && nearest !== undefined) complete({ underlying, expiry: nearest });
    },
    { immediate: true },
  );
  return { underlyings, expiries };
}

/** The remembered one while it is listed, else the first built, else the first. */
export function chooseUnderlying(
  known: Underlyings | null,
  remembered: string | null,
): string | undefined {
  const all = known?.underlyings ?? [];
  const chosen =
    all.find(({ symbol }) => symbol === remembered) ??
    all.find(({ state }) => state === 'built') ??
    all[0];
  return chosen?.symbol;
}

/** The first built chain, else the first; they come nearest first. */
export function nearestChain(chains: readonly ChainState[]): ChainState | undefined {
  return chains.find(({ state }) => state === 'built') ?? chains[0];
}

/** The expiry after the given one, the first after the last. */
export function expiryAfter(
  chains: readonly ChainState[],
  expiry: string | null,
): string | undefined {
  const at = chains.findIndex((chain) => chain.expiry === expiry);
  return chains[(at + 1) % chains.length]?.expiry;
}
