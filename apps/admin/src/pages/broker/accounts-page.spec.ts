import type { Account, Brokers } from '@strikewire/contracts';
import { StrikewireError } from '@strikewire/runtime';
import { flushPromises, mount } from '@vue/test-utils';
import { afterEach, expect, it, vi } from 'vitest';
import { defineComponent, h } from 'vue';
import { RouterView } from 'vue-router';
import { servicesKey } from '../../services';
import { routerOf, servicesOf } from '../../testing';
import { polledTrading, tradingOf } from '../orders/testing';
import { tradingKey } from '../orders/trading-key';
import AccountConfirm from './account-confirm.vue';

/** Stands for the dialog around a form. */
const box = defineComponent({
  setup: (_props, { slots }) => () => h('div', { role: 'dialog' }, slots['default']?.()),
});

const account = (label: string, broker: string): Account => ({
  id: label,
  broker,
  brokerLabel: broker,
  label,
  enabled: true,
  primary: false,
  credentials: {},
  traders: [],
  state: 'parked',
  stateReason: 'the token has expired',
  tokenExpiresAt: '2026-11-23T03:30:00+05:30',
  lastCheck: null,
  budget: [],
  createdAt: '2026-11-01T10:00:00+05:30',
  updatedAt: '2026-11-01T10:00:00+05:30',
});
const brokers: Brokers['brokers'] = [
  { id: 'South', label: 'South', exchanges: ['NSE'], fields: [], browserSignIn: true },
  { id: 'North', label: 'North', exchanges: ['NSE'], fields: [], browserSignIn: false },
];
const page = 'https://broker.example/login?state=x';

async function opened(path: string, trading = tradingOf()) {
  const signIn = vi.fn(async () => page);
  const setLive = vi.fn(async () => undefined);
  const services = servicesOf({}, {
    api: {
      accounts: {
        list: async () => ({ accounts: [account('Main', 'North'), account('Second', 'South')] }),
        brokers: async () => ({ brokers }),
        signIn,
      },
      users: { list: async () => ({ users: [] }) },
      orders: { setLive },
    },
  });
  const router = routerOf(services.session);
  await router.push(path);
  const wrapper = mount(RouterView, {
    global: {
      plugins: [router],
      provide: {
        [servicesKey as symbol]: services,
        [tradingKey as symbol]: polledTrading(trading),
      },
      stubs: { ElDialog: box },
    },
  });
  await flushPromises();
  return { wrapper, router, signIn, setLive };
}

afterEach(() => vi.restoreAllMocks());

it('leads to the sign-in page of a broker that has one', async () => {
  const assign = vi.spyOn(window.location, 'assign').mockImplementation(() => undefined);
  const { wrapper, signIn } = await opened('/accounts');
  const buttons = wrapper.findAll('button').filter((one) => one.text().startsWith('Sign in'));
  expect(buttons.map((one) => one.text())).toEqual(['Sign in at South']);
  await buttons[0]?.trigger('click');
  await flushPromises();
  expect(signIn).toHaveBeenCalledWith('Second');
  expect(assign).toHaveBeenCalledWith(page);
  wrapper.unmount();
});

it.each([
  ['done', 'Signed in at the broker'],
  ['failed', 'Not signed in at the broker'],
])('says after coming back what happened, once: %s', async (signIn, title) => {
  const message = encodeURIComponent('The token is good until 03:30. <b>');
  const { wrapper, router } = await opened(`/accounts?signIn=${signIn}&message=${message}`);
  expect(wrapper.get('[role=status]').text()).toBe(`${title}The token is good until 03:30. <b>`);
  expect(router.currentRoute.value.fullPath).toBe('/accounts');
  wrapper.unmount();
});

const liveAccount = (id: string, on: boolean) => ({
  id, label: id, broker: 'North', mode: 'live' as const, live: on, open: on,
  reason: on ? null : 'live orders are switched off', rates: [],
});

it('turns live orders on only when the name is typed, and off at once', async () => {
  const { kill } = tradingOf();
  const accounts = [liveAccount('Main', false), liveAccount('Second', true)];
  const { wrapper, setLive } = await opened('/accounts', { accounts, kill });
  expect(wrapper.text().replace(/\s+/g, ' ')).toContain('Live orders: off');
  await wrapper.get("[aria-label='Turn on live orders of Main']").trigger('click');
  const dialog = wrapper.get('[role=dialog]');
  expect(dialog.text()).toContain('move real money');
  expect(dialog.get('[type=submit]').attributes('disabled')).toBeDefined();
  await dialog.get('form').trigger('submit');
  expect(setLive).not.toHaveBeenCalled();
  await dialog.get('input').setValue('Main');
  await dialog.get('form').trigger('submit');
  await flushPromises();
  expect(setLive).toHaveBeenCalledWith('Main', true);
  await wrapper.get("[aria-label='Turn off live orders of Second']").trigger('click');
  await wrapper.get('[role=dialog] form').trigger('submit');
  await flushPromises();
  expect(setLive).toHaveBeenLastCalledWith('Second', false);
  wrapper.unmount();
});

it('has no such switch where orders cannot go', async () => {
  const { wrapper } = await opened('/accounts');
  expect(wrapper.text()).not.toContain('Live orders');
  wrapper.unmount();
});

it('says nothing to whoever does not come from there', async () => {
  const { wrapper } = await opened('/accounts?signIn=maybe&message=x');
  expect(wrapper.find('.banner').exists()).toBe(false);
  wrapper.unmount();
});

it.each<['disable' | 'delete', string, string]>([
  ['disable', 'Disable', 'Disable all the same'],
  ['delete', 'Delete the account', 'Delete the account all the same'],
])('asks once more, and by name, before nobody carries: %s', async (act, submit, allTheSame) => {
  const sent: unknown[][] = [];
  const refuse = async (...given: unknown[]): Promise<never> => {
    sent.push(given);
    const message = 'Main is the last account in service: put another one back first';
    throw new StrikewireError({ kind: 'denied', code: 'failover_last', message });
  };
  const wrapper = mount(AccountConfirm, {
    props: {
      account: account('Main', 'North'), act: act === 'disable' ? 'state' : 'remove', present: null,
    },
    global: {
      provide: {
        [servicesKey as symbol]: servicesOf({}, {
          api: { accounts: { change: refuse, remove: refuse } },
        }),
      },
      stubs: { ElDialog: box },
    },
  });
  const press = async (): Promise<void> => {
    await wrapper.get('form').trigger('submit');
    await flushPromises();
  };
  if (act === 'delete') await wrapper.get('input').setValue('Main');
  expect(wrapper.get('[type=submit]').text()).toBe(submit);
  await press();
  expect(wrapper.text()).toContain('Main is the last account in service');
  expect(wrapper.text()).toContain('all chains stand still');
  expect(wrapper.get('[type=submit]').text()).toBe(allTheSame);
  await wrapper.get('input').setValue('Main');
  await press();
  expect(sent.map((given) => given.includes(true))).toEqual([false, true]);
  wrapper.unmount();
});
