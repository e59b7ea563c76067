import type {
  ContractTerms,
  NewOrders,
  OrderPreview,
  Orders,
  Trading,
} from '@strikewire/contracts';
import { StrikewireError } from '@strikewire/runtime';
import type { VirtualClock } from '@strikewire/runtime/virtual';
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils';
import { afterEach, expect, it } from 'vitest';
import { defineComponent, h } from 'vue';
import { servicesKey } from '../../services';
import { routerOf, servicesOf } from '../../testing';
import {
  callKey,
  futureKey,
  orderOf,
  polledTrading,
  previewOf,
  termsOf,
  tradingOf,
} from './testing';
import TicketDialog from './ticket-dialog.vue';
import { tradingKey } from './trading-key';

/** Stands for the dialog around a form. */
const box = defineComponent({
  props: { title: { type: String, default: '' } },
  setup: (props, { slots }) => () =>
    h('div', { role: 'dialog', 'aria-label': props.title }, slots['default']?.()),
});

const open: VueWrapper[] = [];
afterEach(() => open.splice(0).forEach((wrapper) => wrapper.unmount()));

async function opened(options: {
  trading?: Trading;
  preview?: OrderPreview;
  refusals?: StrikewireError[];
  terms?: Partial<ContractTerms>;
  contract?: string;
} = {}) {
  const { terms = {}, contract = callKey } = options;
  const { trading = tradingOf(), preview = previewOf(), refusals = [] } = options;
  const previewed: unknown[] = [];
  const placed: NewOrders[] = [];
  let depthReads = 0;
  const services = servicesOf({}, {
    api: {
      market: {
        depth: async () => {
          depthReads++;
          throw new StrikewireError({ kind: 'retryable', code: 'x', message: 'no book' });
        },
        contract: async (key) => termsOf({ key, ...terms }),
      },
      orders: {
        preview: async (trial) => {
          previewed.push(trial);
          return preview;
        },
        place: async (orders): Promise<Orders> => {
          placed.push(orders);
          const refusal = refusals.shift();
          if (refusal) throw refusal;
          return { orders: [orderOf('o1', { status: 'open' })] };
        },
      },
    },
  });
  const wrapper = mount(TicketDialog, {
    props: { subject: { contract, side: 'SELL', lotSize: 75, price: 100 } },
    global: {
      plugins: [routerOf(services.session)],
      provide: {
        [servicesKey as symbol]: services,
        [tradingKey as symbol]: polledTrading(trading),
      },
      stubs: { ElDialog: box },
    },
  });
  open.push(wrapper);
  const clock = services.clock as VirtualClock;
  const wait = async (ms: number): Promise<void> => {
    await clock.advance(ms);
    await flushPromises();
  };
  await wait(10);
  const field = (label: string) => {
    const found = wrapper.findAll('.field').find((one) => one.get('label').text() === label);
    if (!found) throw new Error(`there is no field ${label}`);
    return found;
  };
  const pick = (text: string) =>
    wrapper.findAll('label').find((one) => one.text() === text)?.get('input').setValue(true);
  const submit = async (): Promise<void> => {
    await wrapper.get('form').trigger('submit');
    await flushPromises();
  };
  return {
    wrapper, services, previewed, placed, wait, field, pick, submit,
    depthReads: () => depthReads,
    button: () => wrapper.get('[type=submit]'),
    text: () => wrapper.text().replace(/\s+/g, ' '),
  };
}

it('begins on paper, says so, and shows what the order would do', async () => {
  const ticket = await opened();
  expect(ticket.wrapper.get('.band').attributes('data-mode')).toBe('paper');
  expect(ticket.button().text()).toBe('Place paper order: Sell 1 lot');
  expect(ticket.previewed).toEqual([{
    account: 'paper',
    legs: [{
      contract: callKey, side: 'SELL', type: 'LIMIT', product: 'intraday', validity: 'DAY',
      quantity: 75, price: 100,
    }],
  }]);
  for (const told of ['Enter now', '82 of 100', '1.8 L', '36% of what is free', '26.94']) {
    expect(ticket.text()).toContain(told);
  }
});

it('is looked at anew only when it has changed, once nothing is typed any more', async () => {
  const ticket = await opened();
  await ticket.wait(60_000);
  expect(ticket.previewed).toHaveLength(1);
  expect(ticket.depthReads()).toBeGreaterThan(50);
  await ticket.field('Lots').get('input').setValue('2');
  await ticket.field('Lots').get('input').setValue('21');
  await ticket.wait(1_000);
  expect(ticket.previewed).toHaveLength(2);
  expect(ticket.text()).toContain('1,575 units; a lot is 75');
  await ticket.field('Lots').get('input').setValue('x');
  await ticket.wait(1_000);
  expect(ticket.previewed).toHaveLength(2);
  expect(ticket.field('Lots').text()).toContain('Needs a whole number of lots');
  expect(ticket.button().attributes('disabled')).toBeDefined();
});

it('steps lots and prices by arrow keys and buttons', async () => {
  const ticket = await opened();
  const price = ticket.field('Price');
  await price.get('input').trigger('keydown', { key: 'ArrowUp' });
  await price.get('input').trigger('keydown', { key: 'ArrowUp', shiftKey: true });
  await price.get('button').trigger('click');
  expect((price.get('input').element as HTMLInputElement).value).toBe('100.50');
  await ticket.field('Lots').get('input').trigger('keydown', { key: 'ArrowUp' });
  expect(ticket.button().text()).toContain('Sell 2 lots');
});

it('is placed once, however often it is tried', async () => {
  const lost = new StrikewireError({ kind: 'retryable', code: 'network_failed', message: 'lost' });
  const ticket = await opened({ refusals: [lost, lost] });
  await ticket.submit();
  expect(ticket.text()).toContain('it is placed once, however often it is asked for');
  await ticket.submit();
  await ticket.field('Lots').get('input').setValue('2');
  await ticket.submit();
  const ids = ticket.placed.map(({ requestId }) => requestId);
  expect([ids[0] === ids[1], ids[1] === ids[2]]).toEqual([true, false]);
  expect(ticket.text()).toContain('1 order placed');
  expect(ticket.wrapper.find('[type=submit]').exists()).toBe(false);
});

it('moves real money only when that is typed', async () => {
  const ticket = await opened();
  await ticket.pick('LIVE Main of North');
  await ticket.wait(1_000);
  expect(ticket.wrapper.get('.band').text()).toContain('Real money: orders go to Main of North');
  expect(ticket.button().text()).toBe('Place LIVE order: Sell 1 lot');
  expect(ticket.button().attributes('disabled')).toBeDefined();
  await ticket.field('Type LIVE to confirm').get('input').setValue('live');
  expect(ticket.button().attributes('disabled')).toBeDefined();
  await ticket.field('Type LIVE to confirm').get('input').setValue('LIVE');
  await ticket.submit();
  expect(ticket.placed[0]?.account).toBe(tradingOf().accounts[0]?.id);
});

it('cannot be placed with problems, which stand at their fields', async () => {
  const problems = [
    { leg: 0, code: 'lot_multiple', message: 'needs a multiple of 75' },
    { leg: null, code: 'funds_short', message: '10 rupees short' },
  ];
  const ticket = await opened({ preview: previewOf({ ok: false, problems }) });
  expect(ticket.field('Lots').text()).toContain('Needs a multiple of 75');
  expect(ticket.wrapper.get('.problems').text()).toBe('10 rupees short');
  expect(ticket.button().attributes('disabled')).toBeDefined();
});

it.each<[string, Trading, string]>([
  ['the kill switch', tradingOf({
    kill: { active: true, reason: 'x', by: 'asha', at: null },
  }), 'No orders are taken: the kill switch is pulled.'],
  ['a closed account', tradingOf({
    accounts: tradingOf().accounts.map((one) => ({ ...one, open: false, reason: 'market closed' })),
  }), 'Paper: market closed'],
])('cannot be placed against %s', async (_what, trading, why) => {
  const ticket = await opened({ trading });
  expect(ticket.text()).toContain(why);
  expect(ticket.button().attributes('disabled')).toBeDefined();
});

it('becomes a leg of the basket', async () => {
  const ticket = await opened();
  const add = ticket.wrapper.findAll('button').find((one) => one.text() === 'Add to basket');
  await add?.trigger('click');
  expect(ticket.services.basket.legs.value).toMatchObject([
    { lotSize: 75, ticket: { contract: callKey, side: 'SELL', quantity: 75 } },
  ]);
  expect(ticket.text()).toContain('Leg 1 of the basket');
});

it('of a future has its book, its lots and its tick', async () => {
  const terms = { tickSize: 0.1, lotSize: 65 };
  const ticket = await opened({ contract: futureKey, terms });
  expect(ticket.wrapper.get('[role=dialog]').attributes('aria-label')).toBe('NIFTY 24 Nov FUT');
  expect(ticket.text()).toContain('26,061.50');
  expect(ticket.depthReads()).toBe(0);
  const price = ticket.field('Price');
  expect(price.text()).toContain('Rupees, steps of 0.10');
  await price.get('input').trigger('keydown', { key: 'ArrowUp' });
  await ticket.wait(1_000);
  expect(ticket.previewed.at(-1)).toMatchObject({
    legs: [{ contract: futureKey, quantity: 65, price: 100.1 }],
  });
  await price.get('input').setValue('100.05');
  expect(price.text()).toContain('Needs steps of 0.10');
});
