import type { HttpSend } from '@strikewire/client';
import type { Clock } from '@strikewire/runtime';
import type { Router } from 'vue-router';
import { isUp } from './api/is-up';
import { createMemory } from './memory';
import { watchPageLoads, type PageLoads } from './page-loads';
import { createConsoleRouter } from './router';
import type { Session } from './session/session';

/** The console's pages in a browser's tab, and what becomes of those that cannot be loaded. */
export function openRouter({ session, clock, http, tab }: {
  session: Session;
  clock: Clock;
  http: HttpSend;
  tab: Window;
}): { router: Router; loads: PageLoads } {
  const router = createConsoleRouter({ session });
  const loads = watchPageLoads(router, {
    clock,
    memory: createMemory(() => tab.sessionStorage),
    isReachable: () => isUp(http, tab.location.origin),
    open: (path) => tab.location.assign(path),
  });
  return { router, loads };
}
