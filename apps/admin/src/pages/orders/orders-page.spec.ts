import type {
  Order,
  Orders,
  PositionDifferenceView,
  Positions,
  Role,
  WaitingSettlements,
} from '@strikewire/contracts';
import type { VirtualClock } from '@strikewire/runtime/virtual';
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils';
import { afterEach, expect, it } from 'vitest';
import { defineComponent, h } from 'vue';
import { RouterView } from 'vue-router';
import { servicesKey } from '../../services';
import { meOf, routerOf, servicesOf } from '../../testing';
import {
  callKey,
  differenceOf,
  liveOf,
  orderOf,
  paperOf,
  polledTrading,
  positionOf,
  tradingOf,
} from './testing';
import { tradingKey } from './trading-key';

const box = defineComponent({
  setup: (_props, { slots }) => () => h('div', { role: 'dialog' }, slots['default']?.()),
});
const stuck = orderOf('c', {
  account: liveOf, status: 'unknown', needsPerson: 'Twelve look-ups found nothing',
  averagePrice: null,
});
const usual: Order[] = [
  orderOf('a'), orderOf('b', { status: 'filled', ended: true, filledQuantity: 150 }), stuck,
];

const open: VueWrapper[] = [];
afterEach(() => open.splice(0).forEach((wrapper) => wrapper.unmount()));

interface Given {
  role?: Role;
  differences?: PositionDifferenceView[];
  waiting?: WaitingSettlements['waiting'];
}

async function opened(path: string, positions: Partial<Positions> = {}, given: Given = {}) {
  const sent: unknown[][] = [];
  const act = (name: string) => async (...given: unknown[]): Promise<void> => {
    sent.push([name, ...given]);
  };
  let told: ((orders: Orders) => void) | undefined;
  const client = {
    connection: { state: 'live', failures: 0, reason: null } as const,
    onConnection: () => () => undefined,
    watchOrders: (listener: { changed?(state: Orders): void }) => {
      told = listener.changed;
      listener.changed?.({ orders: usual });
      return { state: null, refresh: () => void sent.push(['refresh']), close: () => undefined };
    },
  };
  const services = servicesOf(client, {
    me: meOf(given.role ?? 'trader'),
    api: {
      orders: {
        list: async (days) => {
          sent.push(['list', days]);
          return { orders: [orderOf('old', { placedBy: 'ravi' })] };
        },
        trades: async () => ({
          trades: [{
            id: 't', orderId: 'b', account: paperOf, contract: callKey, side: 'SELL',
            product: 'carry', quantity: 75, price: 101.5, charges: 31.2,
            tradedAt: '2026-11-23T09:59:00+05:30',
          }],
        }),
        positions: async () => ({ positions: [], totals: [], ...positions }),
        exits: async () => ({
          exits: [{
            contract: callKey, product: 'intraday', netQuantity: -75, exitPrice: 96.1,
            canExitNow: false, slippage: 0.05, reason: null,
          }],
        }),
        cancel: act('cancel'),
        cancelAll: act('cancelAll'),
        change: act('change'),
        settle: act('settle'),
        differences: async () => ({ differences: given.differences ?? [] }),
        compare: async (account) => {
          sent.push(['compare', account]);
          return { differences: [differenceOf({ blocked: 'orders of it have not ended' })] };
        },
        adopt: act('adopt'),
        settlements: async () => ({ waiting: given.waiting ?? [] }),
        stateSettlement: act('stateSettlement'),
        exit: async (exit) => {
          sent.push(['exit', exit]);
          const reason = { code: 'price_missing', message: 'nobody quotes it' };
          return { orders: [orderOf('x', { status: 'denied', ended: true, reason })] };
        },
      },
    },
  });
  const router = routerOf(services.session);
  await router.push(path);
  const wrapper = mount(RouterView, {
    global: {
      plugins: [router],
      provide: {
        [servicesKey as symbol]: services,
        [tradingKey as symbol]: polledTrading(tradingOf()),
      },
      stubs: { ElDialog: box },
    },
  });
  open.push(wrapper);
  await flushPromises();
  const press = async (selector: string): Promise<void> => {
    await wrapper.get(selector).trigger('click');
    await flushPromises();
  };
  const button = (text: string) => wrapper.findAll('button').find((one) => one.text() === text);
  const submit = async (): Promise<void> => {
    await wrapper.get('[role=dialog] form').trigger('submit');
    await flushPromises();
  };
  return {
    wrapper, router, sent, press, button, submit,
    acts: () => sent.filter(([name]) => name !== 'refresh'),
    tell: async (orders: Order[]) => {
      told?.({ orders });
      await flushPromises();
    },
    field: (label: string) => {
      const found = wrapper.findAll('.field').find((one) => one.text().startsWith(label));
      if (!found) throw new Error(`there is no field ${label}`);
      return found.get('input');
    },
    rows: () => wrapper.findAll('tbody tr').map((row) => row.text().replace(/\s+/g, ' ')),
    text: () => wrapper.text().replace(/\s+/g, ' '),
    wait: async (ms: number) => {
      await (services.clock as VirtualClock).advance(ms);
      await flushPromises();
    },
  };
}

it('shows orders as they stand, live, and whose money it is', async () => {
  const page = await opened('/orders');
  expect(page.text()).toContain('2 open of 3');
  const [first, second, third] = page.rows();
  for (const told of ['BUY', 'NIFTY 24 Nov 26,000 CE', 'PAPER', 'part filled', '75 of 150']) {
    expect(first).toContain(told);
  }
  expect(second).not.toContain('Cancel');
  for (const told of ['LIVE', 'needs a person', 'Twelve look-ups', 'Settle']) {
    expect(third).toContain(told);
  }
  await page.tell([orderOf('a', { status: 'filled', ended: true, version: 2 })]);
  expect(page.text()).toContain('0 open of 1');
});

it('cancels one at once, and all of one account after a question', async () => {
  const page = await opened('/orders');
  await page.press("[aria-label='Cancel BUY NIFTY 24 Nov 26,000 CE']");
  expect(page.acts()).toEqual([['cancel', 'a']]);
  await page.button('Cancel all')?.trigger('click');
  expect(page.text()).toContain('1 open orders of Paper are cancelled');
  await page.submit();
  expect(page.acts()[1]).toEqual(['cancelAll', 'paper']);
});

it('changes what is to be others alone', async () => {
  const page = await opened('/orders');
  await page.press("[aria-label='Change BUY NIFTY 24 Nov 26,000 CE']");
  expect(page.wrapper.get('[type=submit]').attributes('disabled')).toBeDefined();
  await page.field('Price').setValue('100.5');
  await page.submit();
  expect(page.acts()).toEqual([['change', 'a', { price: 100.5 }]]);
});

it('settles what nobody found only with a reason and the word', async () => {
  const page = await opened('/orders');
  await page.press("[aria-label='Settle NIFTY 24 Nov 26,000 CE']");
  const isBarred = () => page.wrapper.get('[type=submit]').attributes('disabled') !== undefined;
  await page.field('Type never').setValue('never');
  expect(isBarred()).toBe(true);
  await page.field('What you saw').setValue('not in the book');
  expect(isBarred()).toBe(false);
  await page.submit();
  expect(page.acts()).toEqual([['settle', 'c', { reason: 'not in the book' }]]);
});

it('settles what a person has seen filled, only with both figures and the word', async () => {
  const page = await opened('/orders');
  await page.press("[aria-label='Settle NIFTY 24 Nov 26,000 CE']");
  await page.wrapper.get("[role=dialog] input[value='filled']").setValue();
  await page.field('What you saw').setValue('in the book');
  await page.field('Type filled').setValue('filled');
  const isBarred = () => page.wrapper.get('[type=submit]').attributes('disabled') !== undefined;
  expect(isBarred()).toBe(true);
  await page.field('Average price').setValue('-1');
  expect(isBarred()).toBe(true);
  await page.field('Average price').setValue('99.5');
  await page.field('Units filled').setValue('7.5');
  expect(isBarred()).toBe(true);
  await page.field('Units filled').setValue('75');
  expect(isBarred()).toBe(false);
  await page.submit();
  const body = { reason: 'in the book', filledQuantity: 75, averagePrice: 99.5 };
  expect(page.acts()).toEqual([['settle', 'c', body]]);
});

it('reads orders of earlier days when they are wanted, of the account in the address', async () => {
  const page = await opened(`/orders?days=7&account=${paperOf.id}`);
  expect(page.acts()).toEqual([['list', 7]]);
  expect(page.rows().map((row) => row.includes('LIVE'))).toEqual([false, false, false]);
  expect(page.rows()[2]).toContain('by ravi');
});

it('tells trades with their charges', async () => {
  const page = await opened('/orders/trades');
  for (const told of ['SELL', '101.50', '7,612.50', '31.20', '09:59:00']) {
    expect(page.rows()[0]).toContain(told);
  }
});

const totals = [{ account: paperOf, realised: 0, unrealised: 300, charges: 26.94, net: 273.06 }];

it('tells what is held with its profit, and which prices are old', async () => {
  const positions = [
    positionOf({ netQuantity: 0, contract: 'NSE:NIFTY:2026-11-24:26100:CE', ltp: null, net: -20 }),
    positionOf({ stale: true }),
  ];
  const page = await opened('/orders/positions', { positions, totals });
  const [held, flat] = page.rows();
  for (const told of ['−75', 'old price', '+300.00', '26.94', '+273.06', 'Exit']) {
    expect(held).toContain(told);
  }
  expect(flat).toContain('flat');
  expect(flat).not.toContain('Exit');
});

it('exits one on paper after a question, which tells how it would be left', async () => {
  const page = await opened('/orders/positions', { positions: [positionOf()], totals });
  await page.press("[aria-label='Exit NIFTY 24 Nov 26,000 CE']");
  expect(page.text()).toContain('96.10');
  expect(page.text()).toContain('the book shows too little for all of it');
  await page.submit();
  expect(page.acts()).toMatchObject([
    ['exit', { account: 'paper', contract: callKey, product: 'intraday' }],
  ]);
  expect(page.text()).toContain('Nothing was taken');
  expect(page.text()).toContain('nobody quotes it');
  await page.button('Close')?.trigger('click');
  expect(page.wrapper.find('[role=dialog]').exists()).toBe(false);
});

it('exits everything, and what is live, only when that is typed', async () => {
  const live = positionOf({ account: liveOf });
  const both = [...totals, { account: liveOf, realised: 0, unrealised: 0, charges: 0, net: 0 }];
  const page = await opened('/orders/positions', { positions: [live, positionOf()], totals: both });
  await page.button('Exit all')?.trigger('click');
  await page.submit();
  expect(page.acts()).toEqual([]);
  await page.field('Type EXIT to confirm').setValue('EXIT');
  await page.submit();
  expect(page.acts()[0]?.[1]).not.toHaveProperty('contract');
  await page.button('Close')?.trigger('click');
  await page.press("[aria-label='Exit NIFTY 24 Nov 26,000 CE']");
  expect(page.wrapper.get('[type=submit]').text()).toBe('Exit the position, LIVE');
  await page.field('Type LIVE to confirm').setValue('LIVE');
  await page.submit();
  expect(page.acts()[1]?.[1]).toMatchObject({ account: liveOf.id, contract: callKey });
});

it('tells what is another at the broker, asks it, and lets nobody but an admin adopt', async () => {
  const page = await opened('/orders/positions', {}, { differences: [differenceOf()] });
  for (const told of ['−75', '+150', '101.25']) expect(page.rows()[0]).toContain(told);
  expect(page.button('Adopt')).toBeUndefined();
  await page.button('Compare Main of North')?.trigger('click');
  await page.wait(0);
  expect(page.acts()).toEqual([['compare', liveOf.id]]);
  expect(page.rows()[0]).toContain('orders of it have not ended');
});

it('adopts a position at a price that is stated, with a reason and the word', async () => {
  const page = await opened('/orders/positions', {}, {
    role: 'admin', differences: [differenceOf()],
  });
  await page.press("[aria-label='Adopt NIFTY 24 Nov 26,000 CE']");
  await page.field('Why').setValue('traded by phone');
  await page.submit();
  await page.field('Type LIVE').setValue('LIVE');
  await page.field('At which price').setValue('0');
  await page.submit();
  expect(page.acts()).toEqual([]);
  await page.field('At which price').setValue('96.5');
  await page.submit();
  expect(page.acts()).toEqual([['adopt', {
    account: liveOf.id, contract: callKey, product: 'carry', netQuantity: 150, price: 96.5,
    reason: 'traded by phone',
  }]]);
});

it('adopts at the broker\'s average where it tells one, and asks for no price then', async () => {
  const page = await opened('/orders/positions', {}, {
    role: 'admin', differences: [differenceOf({ here: 0 })],
  });
  await page.press("[aria-label='Adopt NIFTY 24 Nov 26,000 CE']");
  expect(page.text()).toContain('its average is the broker\'s: 101.25');
  await page.field('Why').setValue('traded by phone');
  await page.field('Type LIVE').setValue('LIVE');
  await page.submit();
  expect(page.acts()[0]?.[1]).not.toHaveProperty('price');
});

it('lets an admin state the price of an expiry that nobody saw', async () => {
  const one = { exchange: 'NSE', underlying: 'NIFTY', expiry: '2026-11-24', positions: 2 } as const;
  const other = await opened('/orders/positions', {}, { waiting: [one] });
  expect(other.text()).not.toContain('Waiting for a settlement price');
  const page = await opened('/orders/positions', {}, { role: 'admin', waiting: [one] });
  expect(page.text()).toContain('NIFTY 24 Nov (NSE), 2 positions');
  await page.press("[aria-label='State the price of NIFTY 24 Nov']");
  await page.submit();
  await page.field('Final settlement price').setValue('26012.35');
  await page.submit();
  expect(page.acts()).toEqual([]);
  await page.field('Where you have it from').setValue('circular');
  await page.submit();
  expect(page.acts()).toEqual([['stateSettlement', {
    exchange: 'NSE', underlying: 'NIFTY', expiry: '2026-11-24', price: 26_012.35,
    reason: 'circular',
  }]]);
});
