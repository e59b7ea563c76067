import type { Notifications, Orders, PlatformStatus } from '@strikewire/contracts';
import type { StrikewireError } from '@strikewire/runtime';
import { getCurrentScope, onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue';
import type { StateWatch } from '../channels/channel-desk';
import type { GreeksState, PcrState, QuotesState } from '../channels/state-specs';
import type { StateListener } from '../channels/watched-channel';
import type { ChainClient, Connection } from '../client-types';
import { chainKeyOf, type ChainTarget } from '../rest/rest-client';

/** A channel of state as shallow refs: each changes as a whole. */
export interface UseState<S> {
  /** What is held; null until it is known. It stays through a loss of the socket, and ages. */
  state: ShallowRef<S | null>;
  connection: ShallowRef<Connection>;
  /** Why it is not served; null as soon as it is. */
  error: ShallowRef<StrikewireError | null>;
  /** Has it read over HTTP now, where there is such a route. */
  refresh(): void;
}

/** A chain's volatility and Greeks for a component; ends with its scope. */
export function useGreeks(options: {
  client: ChainClient;
  /** Which chain; null for none. Read reactively, as all such options. */
  target: () => ChainTarget | null;
}): UseState<GreeksState> {
  return ofTarget(options, (target, listener) => options.client.watchGreeks(target, listener));
}

/** A chain's ratios and totals for a component; ends with its scope. */
export function usePcr(options: {
  client: ChainClient;
  target: () => ChainTarget | null;
}): UseState<PcrState> {
  return ofTarget(options, (target, listener) => options.client.watchPcr(target, listener));
}

/** The newest of contracts and spots, by their keys, for a component; ends with its scope. */
export function useQuotes(options: {
  client: ChainClient;
  keys: () => readonly string[];
}): UseState<QuotesState> {
  const { client, keys } = options;
  return useState(client, () => keys().join(' ') || null, (listener: StateListener<QuotesState>) =>
    client.watchQuotes(keys(), listener),
  );
}

/** How platform and chains stand, for a component; ends with its scope. */
export function usePlatformStatus({ client }: { client: ChainClient }): UseState<PlatformStatus> {
  return useState(client, () => '', (listener: StateListener<PlatformStatus>) =>
    client.watchStatus(listener),
  );
}

/** A person's notifications, for a component; ends with its scope. */
export function useAlerts({ client }: { client: ChainClient }): UseState<Notifications> {
  return useState(client, () => '', (listener: StateListener<Notifications>) =>
    client.watchAlerts(listener),
  );
}

/** Today's orders, for a component; ends with its scope. */
export function useOrders({ client }: { client: ChainClient }): UseState<Orders> {
  return useState(client, () => '', (listener: StateListener<Orders>) =>
    client.watchOrders(listener),
  );
}

function ofTarget<S>(
  { client, target }: { client: ChainClient; target: () => ChainTarget | null },
  begin: (target: ChainTarget, listener: StateListener<S>) => StateWatch<S>,
): UseState<S> {
  const key = (): string | null => {
    const wanted = target();
    return wanted && chainKeyOf(wanted);
  };
  return useState<S>(client, key, (listener) => begin(target() as ChainTarget, listener));
}

/** `key` tells one watch from another; null: nothing is watched. */
function useState<S>(
  client: ChainClient,
  key: () => string | null,
  begin: (listener: StateListener<S>) => StateWatch<S>,
): UseState<S> {
  const state = shallowRef<S | null>(null);
  const error = shallowRef<StrikewireError | null>(null);
  const connection = shallowRef<Connection>(client.connection);
  let current: StateWatch<S> | null = null;
  const restart = (wanted: string | null): void => {
    current?.close();
    current = null;
    state.value = null;
    error.value = null;
    if (wanted === null) return;
    current = begin({
      changed: (next) => {
        state.value = next;
        error.value = null;
      },
      failed: (failure) => (error.value = failure),
    });
  };
  watch(key, restart, { immediate: true });
  const stopConnection = client.onConnection((next) => (connection.value = next));
  if (getCurrentScope()) {
    onScopeDispose(() => {
      current?.close();
      stopConnection();
    });
  }
  return { state, connection, error, refresh: () => current?.refresh() };
}
