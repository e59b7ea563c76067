import { useOrders } from '@strikewire/client/vue';
import {
  paperAccount,
  type OrderPreview,
  type Orders,
  type OrderTrial,
  type Trading,
} from '@strikewire/contracts';
import { computed, shallowRef, type ComputedRef, type ShallowRef } from 'vue';
import { useServices } from '../../services';
import { useAct, type Act } from '../../ui/use-act';
import { useAnswer, type LiveAnswer } from '../../use-answer';
import { createRequestIds } from './request-ids';
import { paperFirst, useTrading } from './trading-key';

type Account = Trading['accounts'][number];
const quietMs = 400;

/** The basket before it is placed. */
export interface BasketDesk {
  accounts: ComputedRef<readonly Account[]>;
  account: ComputedRef<Account | null>;
  /** Id of the account that was chosen; null: the first one counts. */
  picked: ShallowRef<string | null>;
  preview: LiveAnswer<OrderPreview>;
  act: Act;
  /** What it came to; null before it was placed. */
  placed: ShallowRef<Orders | null>;
  /** Places all legs as one and empties the basket. */
  place(): Promise<void>;
}

/** Ends with the component. */
export function useBasket(): BasketDesk {
  const { api, basket, client, clock, newId } = useServices();
  // Watched before there is one: what becomes of an order is told from its first step on.
  useOrders({ client });
  const trading = useTrading();
  const accounts = computed(() => paperFirst(trading.data.value?.accounts ?? []));
  const picked = shallowRef<string | null>(null);
  const account = computed(
    () => accounts.value.find(({ id }) => id === picked.value) ?? accounts.value[0] ?? null,
  );
  const trial = computed((): OrderTrial | null => {
    if (!account.value || basket.legs.value.length === 0) return null;
    const { id, mode } = account.value;
    const legs = basket.legs.value.map(({ ticket }) => ticket);
    return { account: mode === 'paper' ? paperAccount : id, legs };
  });
  const wanted = computed(() => trial.value && JSON.stringify(trial.value));
  const preview = useAnswer(
    clock,
    () => wanted.value,
    (text) => api.orders.preview(JSON.parse(text) as OrderTrial),
    quietMs,
  );
  const act = useAct();
  const ids = createRequestIds(newId);
  const placed = shallowRef<Orders | null>(null);
  return {
    accounts, account, picked, preview, act, placed,
    async place() {
      const body = trial.value;
      if (!body) return;
      await act.run(async () => {
        placed.value = await api.orders.place({ requestId: ids.idOf(body), ...body });
        ids.done();
        basket.clear();
      });
    },
  };
}
