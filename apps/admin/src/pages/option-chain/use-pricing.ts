import type { ChainTarget } from '@strikewire/client';
import type { Pricing } from '@strikewire/contracts';
import type { ShallowRef } from 'vue';
import type { Services } from '../../services';
import { usePolled } from '../../use-polled';

/** It changes only when the platform is started otherwise. */
const everyMs = 600_000;

/**
 * How a chain's volatilities are computed, which the socket does not tell; null until it is known.
 * `target`: a chain that is served.
 */
export function usePricing(
  { client, clock }: Services,
  target: () => ChainTarget | null,
): ShallowRef<Pricing | null> {
  const pricing = usePolled({
    clock,
    everyMs,
    key: () => JSON.stringify(target()),
    read: async (): Promise<Pricing | null> => {
      const wanted = target();
      return wanted && (await client.rest.live(wanted)).pricing;
    },
  });
  return pricing.data;
}
