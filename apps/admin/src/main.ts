import 'element-plus/theme-chalk/base.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/page.css';
import { createBrowserHttp, createChainClient } from '@strikewire/client';
import { createApp } from 'vue';
import { createCall } from './api/call';
import { createConsoleApi } from './api/console-api';
import { createStepUpGate } from './api/step-up-gate';
import { watchedHttp } from './api/watched-http';
import App from './app.vue';
import { createBrowserClock } from './browser-clock';
import { openRouter } from './open-router';
import { createOwn, servicesKey } from './services';
import { createSession } from './session/session';

const clock = createBrowserClock();
const { origin } = window.location;
const session = createSession(() => api.auth.me());
const http = watchedHttp(createBrowserHttp(clock), () => void session.recheck());
const client = createChainClient({
  socketUrl: `${origin.replace(/^http/, 'ws')}/ws`,
  httpBase: origin,
  clock,
  random: { next: () => Math.random() },
  http,
});
const call = createCall({ http, httpBase: origin, refused: session.refused });
const gate = createStepUpGate();
const api = createConsoleApi(call, gate);
// Not `randomUUID`: browsers have that on secure origins alone.
const fill = (bytes: Uint8Array<ArrayBuffer>) => window.crypto.getRandomValues(bytes);
const own = createOwn(() => window.localStorage, fill);
const { router, loads } = openRouter({ session, clock, http, tab: window });

createApp(App)
  .provide(servicesKey, { client, api, session, gate, clock, loads, ...own })
  .use(router)
  .mount('#app');
