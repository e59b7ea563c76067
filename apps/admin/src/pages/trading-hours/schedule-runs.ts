import {
  sessionJobs,
  type SessionJob,
  type SessionRun,
  type SessionRuns,
} from '@strikewire/contracts';
import type { StrikewireError } from '@strikewire/runtime';
import { computed, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue';
import type { RunsAsk } from '../../api/hours-api';
import type { Services } from '../../services';
import { useAct, type Act } from '../../ui/use-act';
import { usePolled } from '../../use-polled';

/** More rows than this are not held: a filter finds older ones. */
export const runsMax = 1_000;

/** Runs as far as they are read, newest first. */
export interface HeldRuns {
  runs: readonly SessionRun[];
  /** There are older ones. */
  more: boolean;
}

/**
 * The newest page over what is held: older rows stay. When it does not reach down to them any
 * more, what is between is not known, and reading begins anew.
 */
export function withNewest(held: HeldRuns | null, page: SessionRuns): HeldRuns {
  const last = page.runs.at(-1);
  const place = last && held ? held.runs.findIndex(({ id }) => id === last.id) : -1;
  if (!held || place < 0) return page;
  return { runs: [...page.runs, ...held.runs.slice(place + 1)], more: held.more };
}

/** What is held, with the page that follows. */
export function withOlder(held: HeldRuns, page: SessionRuns): HeldRuns {
  const known = new Set(held.runs.map(({ id }) => id));
  const runs = [...held.runs, ...page.runs.filter(({ id }) => !known.has(id))];
  return { runs: runs.slice(0, runsMax), more: page.more };
}

/** Filters as they stand in the address; what is none is left out. */
export function runFilters(query: Readonly<Record<string, unknown>>): RunsAsk {
  const { exchange, job } = query;
  const isJob = (name: unknown): name is SessionJob => sessionJobs.some((one) => one === name);
  return {
    ...(typeof exchange === 'string' && /^[A-Z0-9]{1,12}$/.test(exchange) && { exchange }),
    ...(isJob(job) && { job }),
  };
}

export interface RunHistory {
  held: Readonly<ShallowRef<HeldRuns | null>>;
  error: ShallowRef<StrikewireError | null>;
  /** Reading what is older. */
  older: Act;
  isFull: ComputedRef<boolean>;
  more(): void;
}

/** Reads the newest runs again and again, and older ones when they are asked for. */
export function useRunHistory({ api, clock }: Services, filters: () => RunsAsk): RunHistory {
  const held = shallowRef<HeldRuns | null>(null);
  const older = useAct();
  const key = (): string => JSON.stringify(filters());
  const { data, error } = usePolled({
    clock,
    everyMs: 5_000,
    key,
    read: (asked) => api.hours.runs(JSON.parse(asked) as RunsAsk),
  });
  // At once: what is held for other filters is gone before the first answer for these comes.
  watch(data, (page) => (held.value = page && withNewest(held.value, page)), { flush: 'sync' });

  async function more(): Promise<void> {
    const last = held.value?.runs.at(-1);
    if (!last) return;
    const asked = key();
    await older.run(async () => {
      const page = await api.hours.runs({ ...filters(), after: last.id });
      // Other filters, or a newer page that did not reach down, have taken its place meanwhile.
      const isStill = key() === asked && held.value?.runs.at(-1)?.id === last.id;
      if (held.value && isStill) held.value = withOlder(held.value, page);
    });
  }
  const isFull = computed(() => (held.value?.runs.length ?? 0) >= runsMax);
  return { held, error, older, isFull, more: () => void more() };
}
