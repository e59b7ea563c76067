import {
  paperAccount,
  type OrderPreview,
  type Orders,
  type OrderTicket,
  type OrderTrial,
  type Trading,
} from '@strikewire/contracts';
import type { StrikewireError } from '@strikewire/runtime';
import { computed, shallowRef, type ComputedRef, type ShallowRef } from 'vue';
import { useServices } from '../../services';
import type { FieldNeeds } from '../../ui/problem-words';
import { useAct, type Act } from '../../ui/use-act';
import { useAnswer, type LiveAnswer } from '../../use-answer';
import { createRequestIds } from './request-ids';
import {
  formOf,
  problemsByField,
  ticketNeeds,
  ticketOf,
  type TicketContract,
  type TicketForm,
} from './ticket-form';
import { paperFirst, useTrading } from './trading-key';
import { assumedTerms, useTerms, type KnownTerms } from './use-terms';

/** What a ticket is opened for. */
export interface TicketSubject {
  contract: string;
  side: OrderTicket['side'];
  lotSize: number;
  /** Rupees; what the price begins with. */
  price: number | null;
  /** What is edited; without one the ticket is new. */
  ticket?: OrderTicket;
}

type Account = Trading['accounts'][number];

/** One order before it is placed. */
export interface Ticket {
  form: ShallowRef<TicketForm>;
  contract: ComputedRef<TicketContract & KnownTerms>;
  accounts: ComputedRef<readonly Account[]>;
  /** Id of the account that was chosen; null: the first one counts. */
  picked: ShallowRef<string | null>;
  account: ComputedRef<Account | null>;
  /** What is missing, by field, before the platform is asked. */
  needs: ComputedRef<FieldNeeds>;
  preview: LiveAnswer<OrderPreview>;
  /** What the platform finds wrong with this very ticket. */
  found: ComputedRef<ReturnType<typeof problemsByField>>;
  act: Act;
  /** What it came to; null before it was placed. */
  placed: ShallowRef<Orders | null>;
  place(): Promise<void>;
  kill: ComputedRef<Trading['kill'] | null>;
  tradingError: ShallowRef<StrikewireError | null>;
}

const quietMs = 350;
/** What is typed before live money moves. */
export const liveWord = 'LIVE';

function beginning({ side, price, ticket, lotSize }: TicketSubject): TicketForm {
  if (ticket) return formOf(ticket, lotSize);
  const text = price === null || price <= 0 ? '' : price.toFixed(2);
  const usual = { type: 'LIMIT', product: 'intraday', validity: 'DAY', lots: '1' };
  return { ...usual, side, price: text, trigger: text };
}

/** Ends with the component. */
export function useTicket(subject: TicketSubject): Ticket {
  const { api, clock, newId } = useServices();
  const trading = useTrading();
  const accounts = computed(() => paperFirst(trading.data.value?.accounts ?? []));
  const form = shallowRef(beginning(subject));
  const picked = shallowRef<string | null>(null);
  const account = computed(
    () => accounts.value.find(({ id }) => id === picked.value) ?? accounts.value[0] ?? null,
  );
  const terms = useTerms(subject.contract);
  const contract = computed(() => ({
    key: subject.contract, ...(terms.value ?? assumedTerms(subject.lotSize)),
  }));
  const needs = computed(() => ticketNeeds(form.value, contract.value));
  const trial = computed((): OrderTrial | null => {
    if (!account.value || Object.keys(needs.value).length > 0) return null;
    const { id, mode } = account.value;
    const legs = [ticketOf(form.value, contract.value)];
    return { account: mode === 'paper' ? paperAccount : id, legs };
  });
  // As text: a ticket that says the same is the same ticket, however often it is made anew.
  const wanted = computed(() => trial.value && JSON.stringify(trial.value));
  const preview = useAnswer(
    clock,
    () => wanted.value,
    (text) => api.orders.preview(JSON.parse(text) as OrderTrial),
    quietMs,
  );
  const found = computed(() => {
    const { data, isOld } = preview;
    const problems = isOld.value ? [] : (data.value?.problems ?? []);
    return problemsByField(problems, { leg: 0, type: form.value.type });
  });
  const act = useAct();
  const ids = createRequestIds(newId);
  const placed = shallowRef<Orders | null>(null);

  async function place(): Promise<void> {
    const body = trial.value;
    if (!body) return;
    await act.run(async () => {
      placed.value = await api.orders.place({ requestId: ids.idOf(body), ...body });
      ids.done();
    });
  }
  return {
    form, account, accounts, picked, contract, needs, preview, found, act, placed, place,
    kill: computed(() => trading.data.value?.kill ?? null),
    tradingError: trading.error,
  };
}
