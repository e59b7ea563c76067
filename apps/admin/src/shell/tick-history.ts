import type { PlatformStatus } from '@strikewire/contracts';
import { inject, shallowRef, watch, type InjectionKey, type ShallowRef } from 'vue';
import type { SparkSample } from '../ui/spark-points';
import type { Polled } from '../use-polled';

type FeedSocket = PlatformStatus['feed']['sockets'][number];

/**
 * Ticks a second of each socket, oldest first, by `socketKeys` and the monotonic time of the answer
 * that told them.
 */
export type TickHistory = ReadonlyMap<string, readonly SparkSample[]>;

/** How far back it goes, and how many samples of a socket it holds at most. */
export const historyMs = 300_000;
export const samplesMax = 200;

/**
 * A name of each socket that stays when those of other accounts come and go: the account, and
 * which of its sockets it is.
 */
export function socketKeys(sockets: readonly Pick<FeedSocket, 'account'>[]): string[] {
  const counts = new Map<string, number>();
  return sockets.map(({ account }) => {
    const place = (counts.get(account) ?? 0) + 1;
    counts.set(account, place);
    return `${account} ${place}`;
  });
}

/** Ticks a second; null where none are to be expected: it rests, or carries nothing. */
export function tickRateOf({ state, instruments, ticksPerSecond }: FeedSocket): number | null {
  const isExpected = instruments > 0 && state !== 'resting' && state !== 'idle';
  return isExpected ? ticksPerSecond : null;
}

/** With what the sockets tick now; what is too old, and sockets that are gone, are left out. */
export function withTicks(
  history: TickHistory,
  sockets: readonly FeedSocket[],
  atMs: number,
): TickHistory {
  const keys = socketKeys(sockets);
  return new Map(sockets.map((socket, index) => {
    const key = keys[index] ?? '';
    const kept = (history.get(key) ?? []).filter((sample) => atMs - sample.atMs < historyMs);
    const sample = { atMs, value: tickRateOf(socket) };
    return [key, [...kept.slice(1 - samplesMax), sample]];
  }));
}

/** Keeps what each socket ticks with every answer of the status, while the component lives. */
export function useTickHistory(
  { data, atMonoMs }: Pick<Polled<PlatformStatus>, 'data' | 'atMonoMs'>,
): ShallowRef<TickHistory> {
  const history = shallowRef<TickHistory>(new Map());
  watch(atMonoMs, (atMs) => {
    if (atMs === null || !data.value) return;
    history.value = withTicks(history.value, data.value.feed.sockets, atMs);
  }, { immediate: true });
  return history;
}

/** What sockets have ticked, kept once for the whole console, whatever page is shown. */
export const tickHistoryKey: InjectionKey<ShallowRef<TickHistory>> = Symbol('tick history');

export function useKeptTicks(): ShallowRef<TickHistory> {
  const history = inject(tickHistoryKey);
  if (!history) throw new Error('[admin] no tick history is provided to this component');
  return history;
}
