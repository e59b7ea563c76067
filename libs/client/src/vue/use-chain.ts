import type { ChainLayout } from '@strikewire/contracts';
import type { Clock, StrikewireError } from '@strikewire/runtime';
import {
  getCurrentScope,
  onScopeDispose,
  shallowRef,
  watch,
  type ShallowRef,
} from 'vue';
import type { ChainClient, ChainWatch, Connection } from '../client-types';
import type { ChainHead, ChainView } from '../chain/chain-view';
import type { ChainTarget } from '../rest/rest-client';
import { createRowTracker } from './row-tracker';

/** What the composable needs; see each field. */
export interface UseChainOptions {
  client: ChainClient;
  /** Which chain; null for none. Read reactively. */
  target: () => ChainTarget | null;
  /** Called in one animation frame with the rows that changed since the last call. */
  onPaint?: (view: ChainView, rows: readonly number[]) => void;
  /** Default: `requestAnimationFrame`. */
  requestFrame?: (fn: () => void) => void;
  clock: Clock;
}

/**
 * Milliseconds between two paints at least: figures that change faster cannot be read, and the
 * frames in between are left for scrolling and keys.
 */
export const paintEveryMs = 40;

/** A chain as shallow refs: each changes as a whole. */
export interface UseChain {
  /** The chain's structure; null until it is known. Rows are drawn from it. */
  layout: ShallowRef<ChainLayout | null>;
  /** Set once a frame, however many versions came. */
  head: ShallowRef<ChainHead | null>;
  connection: ShallowRef<Connection>;
  /** Why the chain is not served; null as soon as it is. */
  error: ShallowRef<StrikewireError | null>;
  /** The view behind `layout` and `head`, with its store. */
  view: ShallowRef<ChainView | null>;
  /** Asks for a paint although nothing changed, for example after scrolling. */
  requestPaint(): void;
}

/** A live chain for a component; ends with its scope. Figures stay in the store, not in refs. */
export function useChain(options: UseChainOptions): UseChain {
  const { client, clock, target, onPaint } = options;
  const requestFrame = options.requestFrame ?? ((fn) => void requestAnimationFrame(fn));
  const layout = shallowRef<ChainLayout | null>(null);
  const head = shallowRef<ChainHead | null>(null);
  const connection = shallowRef<Connection>(client.connection);
  const error = shallowRef<StrikewireError | null>(null);
  const view = shallowRef<ChainView | null>(null);
  const tracker = createRowTracker();
  let isFrameAsked = false;
  let current: ChainWatch | null = null;

  let paintedMonoMs = -Infinity;
  const paint = (): void => {
    isFrameAsked = false;
    paintedMonoMs = clock.monoMs();
    if (view.value === null) return;
    head.value = view.value.head;
    onPaint?.(view.value, tracker.take(view.value.store));
  };
  const requestPaint = (): void => {
    if (isFrameAsked) return;
    isFrameAsked = true;
    const waitMs = paintedMonoMs + paintEveryMs - clock.monoMs();
    if (waitMs > 0) clock.after(waitMs, () => requestFrame(paint));
    else requestFrame(paint);
  };
  const show = (next: ChainView | null): void => {
    view.value = next;
    layout.value = next?.layout ?? null;
    head.value = next?.head ?? null;
    tracker.reset();
  };
  const begin = (wanted: ChainTarget | null): void => {
    current?.close();
    current = null;
    error.value = null;
    show(null);
    if (wanted === null) return;
    current = client.watchChain(wanted, {
      layout: show,
      changed: () => {
        error.value = null;
        requestPaint();
      },
      failed: (failure) => (error.value = failure),
    });
  };
  watch(() => keyOf(target()), () => begin(target()), { immediate: true });
  const stopConnection = client.onConnection((next) => (connection.value = next));
  if (getCurrentScope()) {
    onScopeDispose(() => {
      current?.close();
      stopConnection();
    });
  }
  return { layout, head, connection, error, view, requestPaint };
}

function keyOf(target: ChainTarget | null): string | null {
  return target && `${target.underlying} ${target.expiry ?? ''}`;
}
