import { computed, shallowRef, watch, type ComputedRef } from 'vue';
import type { RouteLocationNormalizedLoaded, Router } from 'vue-router';
import type { Services } from '../../services';
import { isSameLook, lookNames, lookOf, lookWords, usualLook, type ChainLook } from './chain-look';
import { defaultColumns, toggled } from './column-choice';
import {
  find,
  readLooks,
  renamed,
  tidyName,
  withLayout,
  withoutLayout,
  writeLooks,
  type KeptLooks,
  type SavedLayout,
} from './saved-layouts';
import type { ColumnId } from './table/columns';

/** Looks under names, kept in this browser for the person who is signed in. */
export interface Layouts {
  saved: ComputedRef<readonly SavedLayout[]>;
  /** Name of the one that the page opens with; null for the look used last. */
  opensWith: ComputedRef<string | null>;
  /** Saves the look of now under a name, in place of the one that has it; false: no room. */
  save(name: string): boolean;
  /** False when another has the name, or there is none. */
  rename(from: string, to: string): boolean;
  remove(name: string): void;
  openWith(name: string | null): void;
}

/** How chains are looked at, and how to change it. */
export interface LookChoice {
  look: ComputedRef<ChainLook>;
  /** Switches columns on, or off when all of them are on. */
  toggle(ids: readonly ColumnId[]): void;
  /** Changes parts of the look. */
  change(parts: Partial<ChainLook>): void;
  resetColumns(): void;
  layouts: Layouts;
}

/**
 * The look that the address names, else the layout that the person opens the page with, else the
 * look used last in this browser. It always stands in the address, as far as it is not the usual
 * one, so that a link shows the same.
 */
export function useLook(
  { memory, session }: Pick<Services, 'memory' | 'session'>,
  route: Pick<RouteLocationNormalizedLoaded, 'name' | 'query'>,
  router: Pick<Router, 'replace'>,
): LookChoice {
  const username = session.me.value?.user.username ?? '';
  const kept = shallowRef(readLooks(memory, username));
  const linked = (): ChainLook | null => lookOf(route.query);
  const look = shallowRef(linked() ?? remembered(kept.value));

  /** Read anew first: another window may have written since. */
  const write = (edit: (now: KeptLooks) => KeptLooks | null): boolean => {
    const next = edit(readLooks(memory, username));
    if (next === null) return false;
    kept.value = next;
    writeLooks(memory, username, next);
    return true;
  };
  const writeAddress = (): void => {
    const words = lookWords(look.value);
    // On the way to another page the address is no longer this page's to write.
    const isWritten = lookNames.every((name) => route.query[name] === words[name]);
    if (route.name !== 'chain' || isWritten) return;
    // A name without a value is left out of the address.
    void router.replace({ query: { ...route.query, ...words } });
  };
  const change = (parts: Partial<ChainLook>): void => {
    look.value = { ...look.value, ...parts };
    write((now) => ({ ...now, last: look.value }));
    writeAddress();
  };
  watch(
    () => lookNames.map((name) => route.query[name]),
    () => {
      const next = linked();
      if (next === null) writeAddress();
      else if (!isSameLook(next, look.value)) look.value = next;
    },
    { immediate: true },
  );
  const layouts: Layouts = {
    saved: computed(() => kept.value.layouts),
    opensWith: computed(() => kept.value.opensWith),
    save: (name) =>
      tidyName(name) !== '' && write((now) => withLayout(now, tidyName(name), look.value)),
    rename: (from, to) => tidyName(to) !== '' && write((now) => renamed(now, from, tidyName(to))),
    remove: (name) => void write((now) => withoutLayout(now, name)),
    openWith: (name) => void write((now) => ({ ...now, opensWith: name })),
  };
  return {
    look: computed(() => look.value),
    toggle: (ids) => change({ columns: toggled(look.value.columns, ids) }),
    change,
    resetColumns: () => change({ columns: defaultColumns }),
    layouts,
  };
}

function remembered({ last, opensWith, layouts }: KeptLooks): ChainLook {
  const opening = opensWith === null ? undefined : find(layouts, opensWith);
  return opening?.look ?? last ?? usualLook;
}
