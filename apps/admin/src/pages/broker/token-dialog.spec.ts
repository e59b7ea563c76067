import { secretMark, type Account, type AccountCheck } from '@strikewire/contracts';
import { flushPromises, mount } from '@vue/test-utils';
import { expect, it, vi } from 'vitest';
import { defineComponent, h } from 'vue';
import { servicesKey } from '../../services';
import { servicesOf } from '../../testing';
import TokenDialog from './token-dialog.vue';

const account: Account = {
  id: '018f0000-0000-7000-8000-000000000003',
  broker: 'demo',
  brokerLabel: 'Demo',
  label: 'Main',
  enabled: true,
  primary: true,
  credentials: { clientId: '1000', token: secretMark },
  traders: [],
  state: 'parked',
  stateReason: 'the token has expired',
  tokenExpiresAt: null,
  lastCheck: null,
  budget: [],
  createdAt: '2026-11-01T10:00:00+05:30',
  updatedAt: '2026-11-01T10:00:00+05:30',
};
const text = {
  help: null,
  kind: 'text',
  required: true,
  choices: null,
  charsMin: null,
  charsMax: null,
  pattern: null,
  patternHelp: null,
} as const;
const fields = [
  { ...text, name: 'clientId', label: 'Client', secret: false },
  { ...text, name: 'token', label: 'Token', secret: true, charsMin: 8 },
];
const answered = (ok: boolean): AccountCheck => ({
  ok,
  at: '2026-11-23T10:00:00+05:30',
  message: ok ? 'may trade' : 'the token was refused',
  tokenExpiresAt: null,
});

/** Stands for the dialog around the form. */
const box = defineComponent({ setup: (_, { slots }) => () => h('div', slots['default']?.()) });

function opened(check: (trial: unknown) => Promise<AccountCheck>) {
  const change = vi.fn(async () => account);
  const services = servicesOf({}, { api: { accounts: { check, change } } });
  const wrapper = mount(TokenDialog, {
    props: { account, fields },
    global: { provide: { [servicesKey]: services }, stubs: { ElDialog: box } },
  });
  const type = async (token: string): Promise<void> => {
    await wrapper.get('input[name=credential-token]').setValue(token);
    await wrapper.get('form').trigger('submit');
    await flushPromises();
  };
  return { wrapper, change, type };
}

it('tries a token together with what is saved, and saves it when it works', async () => {
  const check = vi.fn(async () => answered(true));
  const { wrapper, change, type } = opened(check);
  await type('new-token');
  const credentials = { token: 'new-token' };
  expect(check).toHaveBeenCalledWith({ id: account.id, broker: 'demo', credentials });
  expect(change).toHaveBeenCalledWith(account.id, { credentials });
  expect(wrapper.emitted('done')).toHaveLength(1);
});

it('saves a refused one only when that is wanted after all', async () => {
  const { wrapper, change, type } = opened(async () => answered(false));
  await type('old-token');
  expect(change).not.toHaveBeenCalled();
  expect(wrapper.text()).toContain('the token was refused');
  expect(wrapper.emitted('done')).toBeUndefined();
  await wrapper.get('form').trigger('submit');
  await flushPromises();
  expect(change).toHaveBeenCalledTimes(1);
  expect(wrapper.emitted('done')).toHaveLength(1);
});

it('asks nobody about a token that cannot be one', async () => {
  const check = vi.fn(async () => answered(true));
  const { wrapper, type } = opened(check);
  await type('short');
  expect(check).not.toHaveBeenCalled();
  expect(wrapper.text()).toContain('Needs at least 8 characters; these are 5');
});
