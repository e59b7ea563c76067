import type { OrderChangeBody } from '@strikewire/contracts';
import type { VirtualClock } from '@strikewire/runtime/virtual';
import { flushPromises, mount } from '@vue/test-utils';
import { expect, it } from 'vitest';
import { defineComponent, h } from 'vue';
import { servicesKey } from '../../services';
import { servicesOf } from '../../testing';
import OrderChangeDialog from './order-change-dialog.vue';
import { futureKey, orderOf, termsOf } from './testing';

const box = defineComponent({
  setup: (_props, { slots }) => () => h('div', { role: 'dialog' }, slots['default']?.()),
});

it('changes a price in steps of the order\'s own contract, and to none beside them', async () => {
  const sent: OrderChangeBody[] = [];
  const order = orderOf('o1', { contract: futureKey, price: 26_060 });
  const services = servicesOf({}, {
    api: {
      market: { contract: async (key) => termsOf({ key, tickSize: 0.1 }) },
      orders: { change: async (_id, body) => void sent.push(body) },
    },
  });
  const wrapper = mount(OrderChangeDialog, {
    props: { order },
    global: { provide: { [servicesKey as symbol]: services }, stubs: { ElDialog: box } },
  });
  await (services.clock as VirtualClock).advance(10);
  await flushPromises();
  const price = wrapper.findAll('.field').find((one) => one.get('label').text() === 'Price');
  await price?.get('input').trigger('keydown', { key: 'ArrowUp' });
  expect((price?.get('input').element as HTMLInputElement).value).toBe('26060.10');
  await price?.get('input').setValue('26060.15');
  expect(price?.text()).toContain('eeds steps of 0.10');
  await wrapper.get('form').trigger('submit');
  expect(sent).toEqual([]);
  await price?.get('input').setValue('26060.20');
  await wrapper.get('form').trigger('submit');
  await flushPromises();
  expect(sent).toEqual([{ price: 26_060.2 }]);
  wrapper.unmount();
});
