import type { HoursTemplate, Role } from '@strikewire/contracts';
import { flushPromises, mount } from '@vue/test-utils';
import { expect, it } from 'vitest';
import { servicesKey } from '../../services';
import { meOf, routerOf, segmentStatusOf, servicesOf } from '../../testing';
import HoursPage from './hours-page.vue';

const templateOf = (name: string, active: boolean): HoursTemplate => ({
  id: `018f0000-0000-7000-8000-00000000000${active ? 1 : 2}`,
  name,
  exchange: 'NSE',
  segment: 'fno',
  timeZone: 'Asia/Kolkata',
  active,
  version: 3,
  updatedAt: '2026-11-23T10:00:00+05:30',
  warnings: [],
});

async function opened(role: Role) {
  const templates = [templateOf('24x7', false), templateOf('NSE F&O', true)];
  const hours = {
    status: async () => ({
      now: '2026-11-24T13:26:00+05:30',
      segments: [segmentStatusOf({ warnings: ['2026 is not verified'] })],
    }),
    templates: async () => ({ templates }),
  };
  const services = servicesOf({}, { api: { hours }, me: meOf(role) });
  const router = routerOf(services.session);
  await router.push('/hours');
  const wrapper = mount(HoursPage, {
    global: { plugins: [router], provide: { [servicesKey]: services } },
  });
  await flushPromises();
  return wrapper;
}

it('shows everybody how segments stand, and lets them look and export only', async () => {
  const wrapper = await opened('viewer');
  expect(wrapper.get('.segments').text()).toContain('NSE F&O open, closes in 2 h 14 m');
  expect(wrapper.get('.segments').text()).toContain('2026 is not verified');
  expect(wrapper.findAll('button').map((button) => button.text())).toEqual(['Export', 'Export']);
  wrapper.unmount();
});

it('offers admins what fits each template: the applied one stays', async () => {
  const wrapper = await opened('admin');
  const acts = wrapper.findAll('tbody tr').map((row) => row.get('.acts').text().split(/\s+/));
  expect(acts).toEqual([
    ['Edit', 'Duplicate', 'Export'],
    ['Edit', 'Apply', 'Duplicate', 'Export', 'Delete'],
  ]);
  wrapper.unmount();
});
