import { StrikewireError } from '@strikewire/runtime';
import type { VirtualClock } from '@strikewire/runtime/virtual';
import { flushPromises, mount } from '@vue/test-utils';
import { expect, it } from 'vitest';
import { defineComponent, h } from 'vue';
import { servicesKey } from '../../services';
import { servicesOf, viewOf } from '../../testing';
import FutureFinder from './future-finder.vue';
import { futureKey, termsOf } from './testing';

const box = defineComponent({
  props: { title: { type: String, default: '' } },
  setup: (props, { slots }) => () =>
    h('div', { role: 'dialog', 'aria-label': props.title }, slots['default']?.()),
});

function opened(kind: 'retryable' | 'not_found') {
  const asked: string[][] = [];
  const state = { isThere: false };
  const services = servicesOf({}, {
    api: {
      market: {
        future: async (...of) => {
          asked.push(of);
          if (state.isThere) return termsOf({ lotSize: 65 });
          throw new StrikewireError({ kind, code: 'x', message: 'no future is listed' });
        },
      },
    },
  });
  const wrapper = mount(FutureFinder, {
    props: { chain: viewOf().layout },
    global: { provide: { [servicesKey as symbol]: services }, stubs: { ElDialog: box } },
  });
  const wait = async (ms: number): Promise<void> => {
    await (services.clock as VirtualClock).advance(ms);
    await flushPromises();
  };
  return { wrapper, wait, asked, state };
}

it('waits for the market of a chain\'s future, and says so', async () => {
  const { wrapper, wait, asked, state } = opened('retryable');
  await wait(2_000);
  expect(wrapper.get('[role=dialog]').attributes('aria-label')).toBe('Future of NIFTY for 24 Nov');
  expect(wrapper.text()).toContain('Its market is being subscribed');
  expect(wrapper.emitted('found')).toBeUndefined();
  state.isThere = true;
  await wait(1_000);
  expect(asked[0]).toEqual(['NIFTY', '2026-11-24']);
  expect(wrapper.emitted('found')).toEqual([
    [{ contract: futureKey, side: 'BUY', lotSize: 65, price: 26_061.5 }],
  ]);
  wrapper.unmount();
});

it('says when there is none', async () => {
  const { wrapper, wait } = opened('not_found');
  await wait(10);
  expect(wrapper.text()).toContain('No future is listed');
  expect(wrapper.text()).not.toContain('being subscribed');
  wrapper.unmount();
});
