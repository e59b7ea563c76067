import type { Role } from '@strikewire/contracts';
import {
  createRouter,
  createWebHistory,
  type RouteRecordRaw,
  type Router,
  type RouterHistory,
} from 'vue-router';
import OptionChainPage from './pages/option-chain/option-chain-page.vue';
import { detourOf } from './session/guard';
import type { Session } from './session/session';

declare module 'vue-router' {
  interface RouteMeta {
    /** The role without which the page says what it needs. */
    needs?: Role;
    /** Stands alone: before one is signed in, nothing else is shown. */
    isAlone?: true;
  }
}

/**
 * Every state that can be linked to has an address: `/chain/NIFTY/2026-11-24`,
 * `/analytics?underlying=NIFTY&expiry=2026-11-24`, `/activity?actor=asha`.
 */
const routes: readonly RouteRecordRaw[] = [
  { path: '/', redirect: '/chain' },
  { path: '/chain/:underlying?/:expiry?', name: 'chain', component: OptionChainPage },
  {
    path: '/analytics',
    name: 'analytics',
    component: () => import('./pages/analytics/analytics-page.vue'),
  },
  {
    path: '/orders/:part(trades|positions)?',
    name: 'orders',
    component: () => import('./pages/orders/orders-page.vue'),
    meta: { needs: 'trader' },
  },
  {
    path: '/basket',
    name: 'basket',
    component: () => import('./pages/orders/basket-page.vue'),
    meta: { needs: 'trader' },
  },
  {
    path: '/risk',
    name: 'risk',
    component: () => import('./pages/margin/risk-page.vue'),
    meta: { needs: 'trader' },
  },
  {
    path: '/status',
    name: 'status',
    component: () => import('./pages/status/status-page.vue'),
  },
  {
    path: '/hours',
    name: 'hours',
    component: () => import('./pages/trading-hours/hours-page.vue'),
  },
  {
    path: '/hours/:id',
    name: 'hours-template',
    component: () => import('./pages/trading-hours/template-page.vue'),
  },
  {
    path: '/sign-in',
    name: 'sign-in',
    component: () => import('./pages/access/sign-in/sign-in-page.vue'),
    meta: { isAlone: true },
  },
  {
    path: '/new-password',
    name: 'new-password',
    component: () => import('./pages/access/sign-in/new-password-page.vue'),
    meta: { isAlone: true },
  },
  {
    path: '/profile',
    name: 'profile',
    component: () => import('./pages/access/profile/profile-page.vue'),
  },
  { path: '/keys', name: 'keys', component: () => import('./pages/access/keys/keys-page.vue') },
  {
    path: '/users',
    name: 'users',
    component: () => import('./pages/access/users/users-page.vue'),
    meta: { needs: 'admin' },
  },
  {
    path: '/sessions',
    name: 'sessions',
    component: () => import('./pages/access/sessions/sessions-page.vue'),
    meta: { needs: 'admin' },
  },
  {
    path: '/activity',
    name: 'activity',
    component: () => import('./pages/access/activity/activity-page.vue'),
    meta: { needs: 'admin' },
  },
  {
    path: '/accounts',
    name: 'accounts',
    component: () => import('./pages/broker/accounts-page.vue'),
    meta: { needs: 'admin' },
  },
  {
    path: '/failover',
    name: 'failover',
    component: () => import('./pages/broker/failover-page.vue'),
  },
  {
    path: '/universe/:part(capacity|refresh)?',
    name: 'universe',
    component: () => import('./pages/universe/universe-page.vue'),
  },
  {
    path: '/notifications',
    name: 'notifications',
    component: () => import('./pages/platform/channels-page.vue'),
    meta: { needs: 'admin' },
  },
  { path: '/:rest(.*)*', redirect: '/chain' },
];

/** Pages for people who are signed in; everybody else is led to sign in, and back. */
export function createConsoleRouter(options: {
  session: Pick<Session, 'load' | 'me' | 'trouble'>;
  history?: RouterHistory;
}): Router {
  const { session, history = createWebHistory() } = options;
  const router = createRouter({ history, routes });
  router.beforeEach(async (to) => {
    await session.load();
    // Whoever cannot be asked cannot be told apart: the console says so, at this address.
    if (session.trouble.value) return true;
    return detourOf(to, session.me.value) ?? true;
  });
  return router;
}
