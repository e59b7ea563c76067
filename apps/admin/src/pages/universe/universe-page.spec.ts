import type { Capacity, Role, UniverseChange } from '@strikewire/contracts';
import { flushPromises, mount } from '@vue/test-utils';
import { expect, it } from 'vitest';
import { shallowRef } from 'vue';
import { RouterView } from 'vue-router';
import { servicesKey } from '../../services';
import { statusKey } from '../../shell/status-key';
import { meOf, routerOf, servicesOf, statusOf } from '../../testing';
import { previewOf, universeOf } from './testing';

const capacity: Capacity = {
  accounts: [
    {
      id: 'a',
      label: 'Desk',
      broker: 'simulated',
      planned: 5_200,
      capacity: 20_000,
      sockets: [5_000, 200, 0, 0],
      instrumentsPerSocketMax: 5_000,
      standby: 1,
      parkedReason: 'the token is refused',
      budget: [{ class: 'chain', used: 2, limit: 5, windowMs: 1_000, waiting: 3 }],
    },
  ],
  planned: 5_200,
  capacity: 20_000,
  restOnly: 40,
  restOnlyChains: [
    { chain: 'NSE:INFY:2026-12-29', contracts: 40, of: 50, restAgeMs: null, restBoundMs: 300_000 },
  ],
  requests: {
    stretch: 2.5,
    waiting: { admin: 0, build: 0, gap: 0 },
    perMinute: 300,
    boundsMs: { index: 150_000, commodity: 300_000, stock: 750_000 },
  },
};

async function opened(path: string, role: Role, of: Capacity = capacity) {
  const sent: UniverseChange[] = [];
  const me = meOf(role);
  const services = servicesOf({}, {
    me,
    api: {
      hours: { schedule: () => new Promise(() => undefined) },
      universe: {
        read: async () => universeOf(),
        preview: async () => previewOf({ added: ['NSE:INFY'], restOnly: 12 }),
        change: async (change) => {
          sent.push(change);
          return universeOf({ revision: 2, rules: change.rules, applied: false });
        },
        capacity: async () => of,
        refreshes: async () => ({ jobs: [] }),
      },
    },
  });
  const status = { data: shallowRef(statusOf()), error: shallowRef(null) };
  const router = routerOf(services.session);
  await router.push(path);
  const wrapper = mount(RouterView, {
    global: {
      plugins: [router],
      provide: {
        [servicesKey as symbol]: services,
        [statusKey as symbol]: { ...status, atMonoMs: shallowRef(0), refresh: () => undefined },
      },
    },
  });
  await flushPromises();
  return { wrapper, sent, clock: services.clock as { advance?(ms: number): Promise<void> } };
}

it('shows admins the rules, what they cost, and saves what was changed', async () => {
  const { wrapper, sent, clock } = await opened('/universe', 'admin');
  await clock.advance?.(10);
  await flushPromises();
  expect(wrapper.get('ol').findAll('li.rule')).toHaveLength(2);
  expect(wrapper.text()).toContain('12 contracts would be served by REST alone');
  const field = wrapper.get('input[aria-label="NIFTY: strikes below"]');
  await field.setValue('');
  expect(field.attributes('aria-invalid')).toBe('true');
  expect(wrapper.text()).toContain('1 field needs a correction');
  await field.setValue('20');
  await wrapper.get('form.save').trigger('submit');
  await flushPromises();
  expect(sent.map(({ revision, rules }) => [revision, rules[0]?.window.below])).toEqual([[1, 20]]);
  expect(wrapper.text()).toContain('Saved as revision 2');
  expect(wrapper.text()).toContain('from the next build on');
  wrapper.unmount();
});

it('shows viewers the same, with nothing to change', async () => {
  const { wrapper } = await opened('/universe', 'viewer');
  expect(wrapper.get('ol').findAll('li.rule')).toHaveLength(2);
  expect(wrapper.findAll('input, select, form, .step')).toHaveLength(0);
  wrapper.unmount();
  const { wrapper: refresh } = await opened('/universe/refresh', 'viewer');
  expect(refresh.text()).toContain('None since the start');
  expect(refresh.findAll('form')).toHaveLength(0);
  refresh.unmount();
});

it('says that REST figures only grow older while no account can be asked', async () => {
  const requests = { ...capacity.requests, stretch: null };
  const { wrapper } = await opened('/universe/capacity', 'viewer', { ...capacity, requests });
  expect(wrapper.text()).toContain('No account can be asked now');
  expect(wrapper.text()).not.toContain('times longer');
  expect(wrapper.text()).not.toContain('The limits allow');
  wrapper.unmount();
});

it('shows who carries what, what stands still, and what REST alone keeps', async () => {
  const { wrapper } = await opened('/universe/capacity', 'viewer');
  const text = wrapper.text();
  for (const told of [
    '40 contracts find no socket',
    'Does not try to connect: the token is refused',
    'NSE:INFY:2026-12-29',
    'never read',
    'every bound is 2.5 times longer',
    'kept in reserve',
    '3 waiting',
  ]) {
    expect(text.replace(/\s+/g, ' ')).toContain(told);
  }
  wrapper.unmount();
});
