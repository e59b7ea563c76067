import { computed, shallowRef, watch, type ComputedRef } from 'vue';
import type { RouteLocationNormalizedLoaded, Router } from 'vue-router';
import type { Memory } from '../../services';
import { columnsText, defaultColumns, parseColumns, toggled } from './column-choice';
import { tableColumns, type ColumnId, type TableColumns } from './table/columns';

/** The columns that are shown, and how to change them. */
export interface ColumnChoice {
  chosen: ComputedRef<readonly ColumnId[]>;
  columns: ComputedRef<TableColumns>;
  toggle(ids: readonly ColumnId[]): void;
  reset(): void;
}

const memoryKey = 'columns';

/**
 * The choice that the address names, else the one made last in this browser, else the default.
 * It always stands in the address, unless it is the default, so that a link shows the same.
 */
export function useColumns(
  memory: Memory,
  route: Pick<RouteLocationNormalizedLoaded, 'name' | 'query'>,
  router: Pick<Router, 'replace'>,
): ColumnChoice {
  const linked = (): readonly ColumnId[] | null => parseColumns(route.query['columns']);
  const chosen = shallowRef(linked() ?? parseColumns(memory.get(memoryKey)) ?? defaultColumns);

  const writeAddress = (): void => {
    const text = columnsText(chosen.value);
    const wanted = text === columnsText(defaultColumns) ? undefined : text;
    // On the way to another page the address is no longer this page's to write.
    if (route.name !== 'chain' || route.query['columns'] === wanted) return;
    // A name without a value is left out of the address.
    void router.replace({ query: { ...route.query, columns: wanted } });
  };
  const choose = (next: readonly ColumnId[]): void => {
    chosen.value = next;
    memory.set(memoryKey, columnsText(next));
    writeAddress();
  };
  watch(
    () => route.query['columns'],
    () => {
      const next = linked();
      if (next === null) writeAddress();
      else if (columnsText(next) !== columnsText(chosen.value)) chosen.value = next;
    },
    { immediate: true },
  );
  return {
    chosen: computed(() => chosen.value),
    columns: computed(() => tableColumns(chosen.value)),
    toggle: (ids) => choose(toggled(chosen.value, ids)),
    reset: () => choose(defaultColumns),
  };
}
