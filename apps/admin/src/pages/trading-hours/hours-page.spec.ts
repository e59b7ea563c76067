import type { HoursTemplate, Role, SessionRun, TradingHalt } from '@strikewire/contracts';
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

const halt: TradingHalt = {
  id: '018f0000-0000-7000-8000-000000000003',
  exchange: 'NSE',
  segment: 'fno',
  from: '2026-11-24T12:05:00+05:30',
  to: null,
  reason: 'Outage at the exchange',
  by: 'asha',
};
const build: SessionRun = {
  id: '018f0000-0000-7000-8000-000000000004',
  exchange: 'NSE',
  segment: 'fno',
  job: 'build',
  date: '2026-11-24',
  dueAt: '2026-11-24T09:00:00+05:30',
  startedAt: '2026-11-24T09:12:00+05:30',
  finishedAt: '2026-11-24T09:12:42+05:30',
  outcome: 'failed',
  cause: 'late',
  detail: 'the broker does not answer',
};

async function opened(role: Role, { halts = [] as TradingHalt[], runs = [] as SessionRun[] } = {}) {
  const told: unknown[] = [];
  const templates = [templateOf('24x7', false), templateOf('NSE F&O', true)];
  const hours = {
    status: async () => ({
      now: '2026-11-24T13:26:00+05:30',
      segments: [segmentStatusOf({ warnings: ['2026 is not verified'] })],
    }),
    templates: async () => ({ templates }),
    schedule: async () => ({
      now: '2026-11-24T13:26:00+05:30',
      calendar: 'exchange' as const,
      segments: [
        {
          exchange: 'NSE',
          segment: 'fno',
          activity: 'subscribed' as const,
          since: '2026-11-24T09:15:00+05:30',
        },
      ],
      next: [
        {
          exchange: 'NSE',
          segment: 'fno',
          job: 'end_of_day' as const,
          date: '2026-11-24',
          at: '2026-11-24T15:40:00+05:30',
        },
      ],
    }),
    runs: async () => ({ runs, more: false }),
    halts: async () => ({ halts }),
    halt: async (one: unknown) => (told.push(one), halt),
    endHalt: async (id: string) => (told.push(id), { ...halt, to: '2026-11-24T13:26:00+05:30' }),
  };
  const services = servicesOf({}, { api: { hours }, me: meOf(role) });
  const router = routerOf(services.session);
  await router.push('/hours');
  const wrapper = mount(HoursPage, {
    attachTo: document.body,
    global: { plugins: [router], provide: { [servicesKey]: services } },
  });
  await flushPromises();
  return Object.assign(wrapper, { told });
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
  const rows = wrapper.get('[aria-label="Table of templates"]').findAll('tbody tr');
  const acts = rows.map((row) => row.get('.acts').text().split(/\s+/));
  expect(acts).toEqual([
    ['Edit', 'Duplicate', 'Export'],
    ['Edit', 'Apply', 'Duplicate', 'Export', 'Delete'],
  ]);
  wrapper.unmount();
});

it('tells what follows and what was, a failure with its cause', async () => {
  const wrapper = await opened('viewer', { runs: [build] });
  const next = wrapper.get('[aria-labelledby="next"]').text();
  expect(next).toMatch(/Feeds subscribed\s+since 09:15/);
  expect(next).toMatch(/Stores the day\s*15:40\s*in 2 h 14 m/);
  expect(next).not.toContain('always open');
  const row = wrapper.get('tr.trouble').text();
  expect(row).toMatch(/Builds chains NSE F&O\s*failed/);
  expect(row).toMatch(/12 min late\s*made up for/);
  expect(row).toContain('the broker does not answer');
  wrapper.unmount();
});

it('shows a halt to everybody, with an end for admins only', async () => {
  const viewed = await opened('viewer', { halts: [halt] });
  const card = viewed.get('.segments .halted').text();
  expect(card).toMatch(/Trading has stopped\s+since .*12:05.*: Outage at the exchange/);
  expect(viewed.get('[aria-labelledby="halts"]').text()).toContain('still halted');
  expect(viewed.findAll('button').map((one) => one.text())).toEqual(['Export', 'Export']);
  viewed.unmount();

  const wrapper = await opened('admin', { halts: [halt] });
  await wrapper.get('.halted button').trigger('click');
  await flushPromises();
  const dialog = document.querySelector('.el-dialog');
  expect(dialog?.textContent).toContain('silent while it is open are a fault again');
  dialog?.querySelector('form')?.dispatchEvent(new Event('submit'));
  await flushPromises();
  expect(wrapper.told).toEqual([halt.id]);
  wrapper.unmount();
});

it('asks for a reason before it tells of a halt, and says what follows', async () => {
  const wrapper = await opened('admin');
  await wrapper.get('[aria-label="Halt NSE F&O: trading has stopped"]').trigger('click');
  await flushPromises();
  const dialog = document.querySelector('.el-dialog');
  expect(dialog?.textContent).toContain('counts as not open, for everybody');
  const submit = async (): Promise<void> => {
    dialog?.querySelector('form')?.dispatchEvent(new Event('submit'));
    await flushPromises();
  };
  await submit();
  expect([wrapper.told, dialog?.querySelectorAll('.need').length]).toEqual([[], 1]);
  const input = dialog?.querySelector('input');
  if (input) input.value = 'Circuit breaker';
  input?.dispatchEvent(new Event('input'));
  await submit();
  expect(wrapper.told).toEqual([{ exchange: 'NSE', segment: 'fno', reason: 'Circuit breaker' }]);
  wrapper.unmount();
});
