import { createRouter, createWebHistory, type Router, type RouterHistory } from 'vue-router';
import OptionChainPage from './pages/option-chain/option-chain-page.vue';

/**
 * Every state that can be linked to has an address: `/chain/NIFTY/2026-11-24`,
 * `/analytics?underlying=NIFTY&expiry=2026-11-24`.
 */
export function createConsoleRouter(history: RouterHistory = createWebHistory()): Router {
  return createRouter({
    history,
    routes: [
      { path: '/', redirect: '/chain' },
      { path: '/chain/:underlying?/:expiry?', name: 'chain', component: OptionChainPage },
      {
        path: '/analytics',
        name: 'analytics',
        component: () => import('./pages/analytics/analytics-page.vue'),
      },
      {
        path: '/status',
        name: 'status',
        component: () => import('./pages/status/status-page.vue'),
      },
      { path: '/:rest(.*)*', redirect: '/chain' },
    ],
  });
}
