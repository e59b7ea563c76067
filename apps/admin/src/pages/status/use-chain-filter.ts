import { computed, type ComputedRef } from 'vue';
import type { RouteLocationNormalizedLoaded, Router } from 'vue-router';
import { shows, sortNames, type Show, type Sort } from './chain-rows';

/** What is shown of the chains, in which order. */
export interface ChainFilter {
  text: string;
  show: Show;
  sort: Sort;
  /** From 1. */
  page: number;
}

const usual: ChainFilter = { text: '', show: 'all', sort: '', page: 1 };
const sorts: readonly string[] = sortNames.flatMap((name) => [name, `-${name}`]);

/** The filter stands in the address alone: `?q=nifty&show=care&sort=rest&page=2`. */
export function useChainFilter(
  route: Pick<RouteLocationNormalizedLoaded, 'query'>,
  router: Pick<Router, 'replace'>,
): { filter: ComputedRef<ChainFilter>; change(parts: Partial<ChainFilter>): void } {
  const filter = computed(() => filterOf(route.query));
  const change = (parts: Partial<ChainFilter>): void => {
    // Another choice begins at its first page.
    const { text, show, sort, page } = { ...filter.value, page: 1, ...parts };
    void router.replace({
      query: {
        ...route.query,
        q: text || undefined,
        show: show === usual.show ? undefined : show,
        sort: sort || undefined,
        page: page === 1 ? undefined : page,
      },
    });
  };
  return { filter, change };
}

/** What an address asks for; what it cannot mean is as usual. */
export function filterOf(query: RouteLocationNormalizedLoaded['query']): ChainFilter {
  const { q, show, sort, page } = query;
  const number = Number(page);
  return {
    text: typeof q === 'string' ? q : usual.text,
    show: shows.find((known) => known === show) ?? usual.show,
    sort: sorts.includes(String(sort)) ? (sort as Sort) : usual.sort,
    page: Number.isInteger(number) && number > 0 ? number : usual.page,
  };
}
