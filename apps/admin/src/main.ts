import './strict-content';
import 'element-plus/theme-chalk/base.css';
import './styles/tokens.css';
import './styles/base.css';
import { createChainClient } from '@strikewire/client';
import { createApp } from 'vue';
import App from './app.vue';
import { createBrowserClock } from './browser-clock';
import { createConsoleRouter } from './router';
import { createMemory, servicesKey } from './services';

const clock = createBrowserClock();
const { origin } = window.location;
const client = createChainClient({
  socketUrl: `${origin.replace(/^http/, 'ws')}/ws`,
  httpBase: origin,
  clock,
  random: { next: () => Math.random() },
});

createApp(App)
  .provide(servicesKey, { client, clock, memory: createMemory(() => window.localStorage) })
  .use(createConsoleRouter())
  .mount('#app');
