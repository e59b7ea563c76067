import { errorMessageOf, type Clock, type Timer } from '@strikewire/runtime';
import { shallowRef, type ShallowRef } from 'vue';
import type { Router } from 'vue-router';
import type { Memory } from './memory';

/** A page whose files did not come. */
export interface UnloadedPage {
  readonly path: string;
  readonly why: string;
  /** Whether it was opened anew already, in vain. */
  readonly isTried: boolean;
}

/** What becomes of pages whose files are lost, late, or gone with an update of the platform. */
export interface PageLoads {
  /** The page that was asked for and is not here; null when it is. */
  readonly unloaded: Readonly<ShallowRef<UnloadedPage | null>>;
  /** Opens it anew, with everything that belongs to it. */
  again(): void;
}

export interface PageLoadDeps {
  clock: Pick<Clock, 'after'>;
  /** Has to outlast the opening, and not the tab. */
  memory: Memory;
  /** Whether the platform answers: a browser that opens a page of nobody shows its own error. */
  isReachable(): Promise<boolean>;
  open(path: string): void;
}

/** Whoever waits longer for the files of a page waits in vain. */
const lateMs = 15_000;
const askAgainMs = 5_000;
const triedKey = 'tried-again';

/**
 * A page that cannot be loaded is opened anew, once by itself: after an update its files have other
 * names, which only the newest start page knows.
 */
export function watchPageLoads(
  router: Pick<Router, 'beforeEach' | 'afterEach' | 'onError'>,
  { clock, memory, isReachable, open }: PageLoadDeps,
): PageLoads {
  const unloaded = shallowRef<UnloadedPage | null>(null);
  let timer: Timer | undefined;

  const openOnce = async (page: UnloadedPage): Promise<void> => {
    const isUp = await isReachable();
    if (unloaded.value !== page) return;
    if (!isUp) {
      timer = clock.after(askAgainMs, () => void openOnce(page));
      return;
    }
    memory.set(triedKey, page.path);
    // Where nothing is remembered it would be opened for ever.
    if (memory.get(triedKey) === page.path) open(page.path);
    else unloaded.value = { ...page, isTried: true };
  };
  const failed = (path: string, why: string): void => {
    timer?.cancel();
    const page = { path, why, isTried: memory.get(triedKey) === path };
    unloaded.value = page;
    if (!page.isTried) void openOnce(page);
  };
  router.beforeEach(({ fullPath }) => {
    timer?.cancel();
    timer = clock.after(lateMs, () => failed(fullPath, `Nothing came within ${lateMs / 1_000} s.`));
  });
  router.afterEach((_to, _from, failure) => {
    timer?.cancel();
    if (failure) return;
    unloaded.value = null;
    memory.set(triedKey, '');
  });
  router.onError((error, { fullPath }) => failed(fullPath, errorMessageOf(error)));
  return {
    unloaded,
    again: () => unloaded.value && open(unloaded.value.path),
  };
}
