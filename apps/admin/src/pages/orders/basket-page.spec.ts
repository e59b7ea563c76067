import type { LiveChain, NewOrders, OrderTicket, Orders } from '@strikewire/contracts';
import { StrikewireError } from '@strikewire/runtime';
import type { VirtualClock } from '@strikewire/runtime/virtual';
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils';
import { afterEach, expect, it } from 'vitest';
import { defineComponent, h } from 'vue';
import { RouterView } from 'vue-router';
import { servicesKey } from '../../services';
import { meOf, routerOf, servicesOf } from '../../testing';
import {
  basketMarginOf,
  callKey,
  futureKey,
  orderOf,
  polledTrading,
  previewOf,
  termsOf,
} from './testing';
import { tradingKey } from './trading-key';

const box = defineComponent({
  setup: (_props, { slots }) => () => h('div', { role: 'dialog' }, slots['default']?.()),
});
const farKey = 'NSE:NIFTY:2026-11-24:26200:CE';
const leg = (contract: string, changes: Partial<OrderTicket> = {}): OrderTicket => ({
  contract, side: 'SELL', type: 'LIMIT', product: 'carry', validity: 'DAY', quantity: 75,
  price: 100, ...changes,
});
const spread = [leg(callKey), leg(farKey, { side: 'BUY', price: 40 })];

const open: VueWrapper[] = [];
afterEach(() => open.splice(0).forEach((wrapper) => wrapper.unmount()));

async function opened(legs: readonly OrderTicket[] = spread, chain?: LiveChain) {
  const placed: NewOrders[] = [];
  const previewed: unknown[] = [];
  const services = servicesOf({}, {
    me: meOf('trader'),
    api: {
      market: {
        chain: async () => {
          if (chain) return chain;
          throw new StrikewireError({ kind: 'not_found', code: 'x', message: 'no such chain' });
        },
        contract: async (key) => termsOf({ key, tickSize: 0.1 }),
      },
      orders: {
        preview: async (trial) => {
          previewed.push(trial);
          const order = [{ leg: 1, margin: 3_000 }, { leg: 0, margin: 45_000 }];
          return previewOf({
            ok: trial.legs.length < 3,
            problems: [{ leg: 0, code: 'price_tick', message: 'off the tick' }],
            margin: basketMarginOf({ legOrder: order, peak: 45_000 }),
          });
        },
        place: async (orders): Promise<Orders> => {
          placed.push(orders);
          return { orders: [orderOf('o1', { status: 'open' })] };
        },
      },
    },
  });
  for (const ticket of legs) services.basket.add({ ticket, lotSize: 75 });
  const router = routerOf(services.session);
  await router.push('/basket');
  const wrapper = mount(RouterView, {
    global: {
      plugins: [router],
      provide: {
        [servicesKey as symbol]: services,
        [tradingKey as symbol]: polledTrading(),
      },
      stubs: { ElDialog: box },
    },
  });
  open.push(wrapper);
  const wait = async (ms: number): Promise<void> => {
    await (services.clock as VirtualClock).advance(ms);
    await flushPromises();
  };
  await wait(10);
  return {
    wrapper, services, placed, previewed, wait,
    rows: () => wrapper.findAll('tbody tr').map((row) => row.text().replace(/\s+/g, ' ')),
    text: () => wrapper.text().replace(/\s+/g, ' '),
    submit: async (within = '') => {
      await wrapper.get(`${within} form`).trigger('submit');
      await flushPromises();
    },
  };
}

it('teaches how to fill it while it is empty, and asks nothing', async () => {
  const page = await opened([]);
  expect(page.text()).toContain('The basket is empty');
  expect(page.previewed).toEqual([]);
});

it('shows legs in the order that they go, their problems, and what they come to', async () => {
  const page = await opened();
  const [sold, bought] = page.rows();
  for (const told of [
    'SELL', 'NIFTY 24 Nov 26,000 CE', 'Limit 100.00', '245,000', 'off the tick',
  ]) {
    expect(sold).toContain(told);
  }
  expect(bought).toContain('13,000');
  expect(page.wrapper.get('svg[role=img]').attributes('aria-label')).toBe(
    'Payoff at expiry: at most +4,500.00, at worst −10,500.00, break-even at 26,060.00',
  );
  expect(page.text()).toContain("Today's line needs a volatility of every leg.");
  expect(page.text()).toContain('Peak on the way');
});

it('draws each underlying by itself', async () => {
  const page = await opened([leg(callKey), leg('NSE:BANKNIFTY:2026-11-24:58000:CE')]);
  const drawn = page.wrapper.findAll('svg[role=img]').map((one) => one.attributes('aria-label'));
  expect(drawn).toEqual([
    'Payoff at expiry: at most +7,500.00, at worst without limit, break-even at 26,100.00',
    'Payoff at expiry: at most +7,500.00, at worst without limit, break-even at 58,100.00',
  ]);
  expect(page.wrapper.findAll('h3').map((one) => one.text())).toEqual(['NIFTY', 'BANKNIFTY']);
});

it('draws a future beside its options, at what it stands at', async () => {
  const future = leg(futureKey, { side: 'BUY', type: 'MARKET', price: undefined as never });
  const page = await opened([leg(callKey), future]);
  expect(page.wrapper.get('svg[role=img]').attributes('aria-label')).toBe(
    'Payoff at expiry: at most +2,887.50, at worst −19,47,112.50, break-even at 25,961.50',
  );
});

it('edits a leg in steps of its contract', async () => {
  const page = await opened([leg(futureKey, { price: 26_060 })]);
  await page.wrapper.get("[aria-label='Edit leg 1']").trigger('click');
  await page.wait(10);
  const fields = page.wrapper.findAll('[role=dialog] .field');
  const price = fields.find((one) => one.get('label').text() === 'Price');
  expect(price?.text()).toContain('steps of 0.10');
  await price?.get('input').setValue('26060.05');
  await page.submit('[role=dialog]');
  expect(page.services.basket.legs.value[0]?.ticket.price).toBe(26_060);
});

it('is edited leg by leg, and looked at anew', async () => {
  const page = await opened();
  await page.wrapper.get("[aria-label='Edit leg 1']").trigger('click');
  const fields = page.wrapper.findAll('[role=dialog] .field');
  const lots = fields.find((one) => one.text().includes('Lots'));
  await lots?.get('input').setValue('3');
  await page.submit('[role=dialog]');
  expect(page.services.basket.legs.value[0]?.ticket.quantity).toBe(225);
  await page.wrapper.get("[aria-label='Remove leg 2']").trigger('click');
  await page.wait(1_000);
  expect(page.previewed.at(-1)).toMatchObject({ account: 'paper', legs: [{ quantity: 225 }] });
});

it('is placed as one, and is empty then', async () => {
  const page = await opened();
  expect(page.wrapper.get('[type=submit]').text()).toBe('Place paper basket of 2 legs');
  await page.submit();
  expect(page.placed).toMatchObject([{ account: 'paper', legs: [{}, {}] }]);
  expect(page.services.basket.legs.value).toEqual([]);
  expect(page.text()).toContain('1 order placed');
});

it('is not placed while it is refused, nor with real money before that is typed', async () => {
  const page = await opened([...spread, leg(callKey)]);
  await page.submit();
  expect(page.placed).toEqual([]);
  await page.wrapper.get("[aria-label='Remove leg 3']").trigger('click');
  const live = page.wrapper.findAll('label').find((one) => one.text() === 'LIVE Main of North');
  await live?.get('input').setValue(true);
  await page.wait(1_000);
  expect(page.wrapper.get('[type=submit]').text()).toBe('Place LIVE basket of 2 legs');
  await page.submit();
  expect(page.placed).toEqual([]);
  await page.wrapper.get('form input').setValue('LIVE');
  await page.submit();
  expect(page.placed).toHaveLength(1);
});
