import type { Activity } from '@strikewire/contracts';
import { mount } from '@vue/test-utils';
import { expect, it } from 'vitest';
import { servicesKey } from '../../../services';
import { servicesOf } from '../../../testing';
import ActivityRow from './activity-row.vue';

const entry: Activity = {
  sequence: 7,
  at: '2026-11-23T09:59:00+05:30',
  actor: { kind: 'person', userId: 'u-1', name: 'asha' },
  action: 'user.changed',
  subject: { kind: 'user', id: 'u-2', name: 'ravi' },
  before: { role: 'viewer', name: 'Ravi' },
  after: { role: 'trader', name: '<b>Ravi</b>' },
  address: '127.0.0.1',
  requestId: 'r-7',
  hash: 'ab'.repeat(32),
};

it('says who did what to whom, and opens what was different', async () => {
  const wrapper = mount(ActivityRow, {
    props: { entry },
    global: { provide: { [servicesKey]: servicesOf() } },
  });
  expect(wrapper.text()).toContain('User changed');
  expect(wrapper.find('.details').exists()).toBe(false);
  await wrapper.get('button').trigger('click');
  const rows = wrapper.findAll('.details tbody tr').map((row) => row.text());
  expect(rows).toEqual(['roleviewertrader', 'nameRavi<b>Ravi</b>']);
  expect(wrapper.get('.details').text()).toContain('request r-7');
});
