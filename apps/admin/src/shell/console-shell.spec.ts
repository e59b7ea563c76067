import type { ChainClient } from '@strikewire/client';
import type { VirtualClock } from '@strikewire/runtime/virtual';
import { flushPromises, mount } from '@vue/test-utils';
import { expect, it } from 'vitest';
import { defineComponent, h } from 'vue';
import { servicesKey } from '../services';
import { feedSocketOf, meOf, routerOf, servicesOf, statusOf } from '../testing';
import ConsoleShell from './console-shell.vue';
import { useKeptTicks } from './tick-history';

it('keeps what sockets tick for pages that are opened later', async () => {
  const status = statusOf();
  const read = async () => ({ ...status, feed: { ...status.feed, sockets: [feedSocketOf(1)] } });
  const rest = { status: read } as Partial<ChainClient['rest']> as ChainClient['rest'];
  const services = servicesOf({ rest }, { me: meOf('viewer') });
  const page = defineComponent(() => {
    const history = useKeptTicks();
    return () => h('i', `${history.value.get('main 1')?.length ?? 0} samples`);
  });
  const wrapper = mount(ConsoleShell, {
    global: {
      plugins: [routerOf(services.session)],
      provide: { [servicesKey as symbol]: services },
      stubs: { NavRail: true, TopStrip: true, RouterView: page },
    },
  });
  await flushPromises();
  expect(wrapper.get('i').text()).toBe('1 samples');
  await (services.clock as VirtualClock).advance(2_000);
  await flushPromises();
  expect(wrapper.get('i').text()).toBe('2 samples');
  wrapper.unmount();
});
