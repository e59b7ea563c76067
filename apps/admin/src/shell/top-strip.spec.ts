import type { Failover } from '@strikewire/contracts';
import type { VirtualClock } from '@strikewire/runtime/virtual';
import { flushPromises, mount } from '@vue/test-utils';
import { expect, it } from 'vitest';
import { shallowRef } from 'vue';
import { polledTrading } from '../pages/orders/testing';
import { tradingKey } from '../pages/orders/trading-key';
import { servicesKey } from '../services';
import { failoverAccountOf, failoverOf } from '../pages/broker/testing';
import { routerOf, servicesOf, statusOf } from '../testing';
import { statusKey } from './status-key';
import TopStrip from './top-strip.vue';

it('says the level of failover, follows it, and leads to its page', async () => {
  let failover: Failover = failoverOf();
  const client = {
    connection: { state: 'live', failures: 0, reason: null },
    onConnection: () => () => undefined,
  } as const;
  const api = { failover: { read: async () => failover } };
  const services = servicesOf(client, { api });
  const clock = services.clock as VirtualClock;
  const router = routerOf(services.session);
  await router.push('/chain');
  const status = {
    data: shallowRef(statusOf()), error: shallowRef(null), atMonoMs: shallowRef(0),
    refresh: () => undefined,
  };
  const wrapper = mount(TopStrip, {
    global: {
      plugins: [router],
      provide: {
        [servicesKey as symbol]: services, [statusKey as symbol]: status,
        [tradingKey as symbol]: polledTrading(),
      },
      stubs: { NotificationBell: true, UserMenu: true },
    },
  });
  await flushPromises();
  const link = wrapper.get('li a');
  expect([link.text(), link.attributes('href')]).toEqual(['Failover level 0', '/failover']);
  const accounts = [
    failoverAccountOf('North A', { standing: 'lost' }),
    failoverAccountOf('South C', { role: 'carrier' }),
  ];
  failover = failoverOf({ level: 3, accounts });
  await clock.advance(2_000);
  await flushPromises();
  const item = wrapper.get('li.late');
  expect([item.text(), item.attributes('title')]).toEqual([
    'Failover level 3: another broker', 'Level 3, another broker: South C carries',
  ]);
  failover = failoverOf({ degraded: true });
  await clock.advance(2_000);
  await flushPromises();
  expect(wrapper.get('li.bad').text()).toBe('Failover degraded: nobody carries');
  wrapper.unmount();
});
