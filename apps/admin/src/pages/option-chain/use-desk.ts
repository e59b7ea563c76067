import type { ChainTarget, ChainView } from '@strikewire/client';
import { useChain, type UseChain } from '@strikewire/client/vue';
import type { ChainState, Pricing } from '@strikewire/contracts';
import { computed, type ComputedRef, type ShallowRef } from 'vue';
import { useServices } from '../../services';
import { noticeOf, type Notice } from './chain-notice';
import { useCatalogue, type Catalogue, type Place } from './use-catalogue';
import { useFigures, type Figures } from './use-figures';
import { usePricing } from './use-pricing';

/** What a page over one live chain needs; see each field. */
export interface DeskOptions {
  /** What the address names. Read reactively. */
  place: () => Place;
  /** Completes the address with what it left out. */
  complete: (to: ChainTarget) => void;
  /** Called in an animation frame with the legs that changed. */
  onPaint?: (view: ChainView, legs: readonly number[]) => void;
  /** Called once a second. `serverNowMs`: epoch ms at the server. */
  onSecond: (serverNowMs: number) => void;
}

/** One live chain with what surrounds it: lists to choose from, totals, age, notices. */
export interface Desk {
  underlyings: Catalogue['underlyings'];
  chain: UseChain;
  /** The expiries that are kept, nearest first; null until they are known. */
  expiries: ComputedRef<readonly ChainState[] | null>;
  figures: Figures;
  pricing: ShallowRef<Pricing | null>;
  /** Why there are no figures; null while there are, or they are on their way. */
  notice: ComputedRef<Notice | null>;
}

/** Ends with the calling component. */
export function useDesk({ place, complete, onPaint, onSecond }: DeskOptions): Desk {
  const services = useServices();
  const { client, clock } = services;
  const { underlyings, expiries } = useCatalogue(services, place, complete);
  const target = (): ChainTarget | null => {
    const { underlying, expiry } = place();
    return underlying !== null && expiry !== null ? { underlying, expiry } : null;
  };
  const chain = useChain({
    client,
    clock,
    target,
    onPaint: (view, legs) => {
      onPaint?.(view, legs);
      figures.begin();
    },
  });
  const { head } = chain;
  const figures = useFigures(chain, clock, onSecond);
  const isServed = computed(() => head.value !== null);
  const pricing = usePricing(services, () => (isServed.value ? target() : null));

  const kept = computed(() => expiries.data.value?.chains ?? null);
  const notice = computed(() => {
    if (isServed.value) return null;
    const { underlying, expiry } = place();
    return noticeOf({
      underlying,
      expiry,
      wallMs: clock.wallMs(),
      state: kept.value?.find((known) => known.expiry === expiry) ?? null,
      listError: underlying === null ? underlyings.error.value : expiries.error.value,
      chainError: chain.error.value,
    });
  });
  // A list that cannot be read is no list that is on its way.
  const shown = computed(() => kept.value ?? (expiries.error.value ? [] : null));
  return { underlyings, chain, expiries: shown, figures, pricing, notice };
}
