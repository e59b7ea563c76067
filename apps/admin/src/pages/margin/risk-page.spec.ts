import type { MarginPortfolio, Role, Trading } from '@strikewire/contracts';
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils';
import { afterEach, describe, expect, it } from 'vitest';
import { defineComponent, h } from 'vue';
import { RouterView } from 'vue-router';
import { servicesKey } from '../../services';
import { meOf, routerOf, servicesOf } from '../../testing';
import { estimateOf, liveOf, polledTrading, tradingOf } from '../orders/testing';
import { tradingKey } from '../orders/trading-key';
import { greeksOf, placeInBand } from './margin-sums';

const box = defineComponent({
  setup: (_props, { slots }) => () => h('div', { role: 'dialog' }, slots['default']?.()),
});
const portfolioOf = (changes: Partial<MarginPortfolio> = {}): MarginPortfolio => ({
  account: 'paper',
  funds: { available: 327_715, used: 172_285, total: 500_000 },
  fundsAt: '2026-11-23T09:59:58+05:30',
  estimate: estimateOf({ warnings: ['delivery margins are not in it'] }),
  reason: null,
  broker: {
    required: 173_159, span: 135_000, exposure: 38_159, premium: 0, benefit: null,
    at: '2026-11-23T09:59:00+05:30', ageMs: 12_000, ratio: 0.7,
    band: { low: 0.93, high: 1.06, learnedFrom: 8 }, outside: true,
    components: [
      { component: 'required', estimate: 172_285, broker: 173_159, difference: -874 },
    ],
  },
  brokerReason: null,
  ...changes,
});

const open: VueWrapper[] = [];
afterEach(() => open.splice(0).forEach((wrapper) => wrapper.unmount()));

async function opened(options: {
  role?: Role; path?: string; trading?: Trading; portfolio?: MarginPortfolio;
} = {}) {
  const { role = 'trader', path = '/risk', trading = tradingOf() } = options;
  const sent: unknown[][] = [];
  const services = servicesOf({}, {
    me: meOf(role),
    api: {
      margin: {
        portfolio: async (account) => {
          sent.push(['portfolio', account]);
          return options.portfolio ?? portfolioOf();
        },
        reconciliations: async () => ({ shapes: [] }),
        riskFiles: async () => ({ files: [] }),
        upload: async (exchange, file) => void sent.push(['upload', exchange, file.length]),
      },
      orders: {
        kill: async (kill) => void sent.push(['kill', kill]),
        release: async () => void sent.push(['release']),
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
        [tradingKey as symbol]: polledTrading(trading),
      },
      stubs: { ElDialog: box },
    },
  });
  open.push(wrapper);
  await flushPromises();
  const button = (text: string) => wrapper.findAll('button').find((one) => one.text() === text);
  return {
    wrapper, sent, button,
    acts: () => sent.filter(([name]) => name !== 'portfolio'),
    text: () => wrapper.text().replace(/\s+/g, ' '),
    field: (label: string) => {
      const found = wrapper.findAll('.field').find((one) => one.text().startsWith(label));
      if (!found) throw new Error(`there is no field ${label}`);
      return found.get('input');
    },
    submit: async () => {
      await wrapper.get('[role=dialog] form').trigger('submit');
      await flushPromises();
    },
  };
}

it('begins with the paper account: funds, what is blocked, the rates in use', async () => {
  const page = await opened();
  expect(page.sent).toEqual([['portfolio', 'paper']]);
  for (const told of [
    '3,27,715.00', '34.5%', '1,72,285.00 rupees by own scenarios', '1,35,000', '37,285',
    'delivery margins are not in it', '−9,750', '3 of 8',
  ]) expect(page.text()).toContain(told);
  expect(page.text()).not.toContain('By the broker');
});

it('tells of a live account what the broker says, and that the estimate is off', async () => {
  const page = await opened({ path: `/risk?account=${liveOf.id}` });
  expect(page.sent).toEqual([['portfolio', liveOf.id]]);
  for (const told of [
    'LIVE', 'Real money', '1,73,159.00', 'outside its band', '70% of what the broker asks', '−874',
    'band 0.93 to 1.06, from 8 pairs',
  ]) expect(page.text()).toContain(told);
});

it('says why there is no estimate, and no figure of the broker', async () => {
  const page = await opened({
    path: `/risk?account=${liveOf.id}`,
    portfolio: portfolioOf({
      funds: null, estimate: null, reason: 'NIFTY has no spot', broker: null,
      brokerReason: 'the broker did not answer',
    }),
  });
  for (const told of ['Funds are not known', 'NIFTY has no spot', 'the broker did not answer']) {
    expect(page.text()).toContain(told);
  }
});

describe('the kill switch', () => {
  it('is pulled with a reason and a word, and says what it does', async () => {
    const page = await opened();
    await page.button('Stop all orders')?.trigger('click');
    expect(page.text()).toContain('no order of anybody is sent, paper or live');
    await page.field('Type STOP').setValue('STOP');
    const submit = page.wrapper.get('[role=dialog] [type=submit]');
    expect(submit.attributes('disabled')).toBeDefined();
    await page.field('Why').setValue('orders run away');
    await page.wrapper.get('[role=dialog] [type=checkbox]').setValue(true);
    expect(submit.text()).toBe('Stop all orders and close everything');
    await page.submit();
    expect(page.acts()).toEqual([['kill', { reason: 'orders run away', flatten: true }]]);
  });

  const pulled = tradingOf({
    kill: { active: true, reason: 'too fast', by: 'asha', at: '2026-11-23T09:58:00+05:30' },
  });

  it('is released by admins alone', async () => {
    const trader = await opened({ trading: pulled });
    expect(trader.text()).toContain('By asha, 09:58:00: too fast');
    expect(trader.text()).toContain('An admin can release it');
    expect(trader.button('Release')).toBeUndefined();
    const admin = await opened({ trading: pulled, role: 'admin' });
    await admin.button('Release')?.trigger('click');
    await admin.submit();
    expect(admin.acts()).toEqual([]);
    await admin.field('Type release').setValue('release');
    await admin.submit();
    expect(admin.acts()).toEqual([['release']]);
  });
});

it('takes risk files of admins, by exchange', async () => {
  expect((await opened()).wrapper.find('[type=file]').exists()).toBe(false);
  const page = await opened({ role: 'admin' });
  await page.wrapper.get('select').setValue('BSE');
  const picker = page.wrapper.get('[type=file]');
  const file = new File(['<spanFile/>'], 'bse.spn');
  Object.defineProperty(picker.element, 'files', { value: [file] });
  await picker.trigger('change');
  await flushPromises();
  await flushPromises();
  expect(page.acts()).toEqual([['upload', 'BSE', 11]]);
  expect(page.text()).toContain('bse.spn is in use');
});

describe('sums of margins', () => {
  it('add rupees of underlyings that can be priced, and count the others', () => {
    const [row] = estimateOf().byUnderlying;
    const blind = { ...row!, greeks: null, exposureNotional: null };
    expect(greeksOf(estimateOf({ byUnderlying: [row!, row!, blind] }))).toEqual({
      notional: -1_950_000, percent: -19_500, theta: 1_700, vega: -1_280, missing: 1,
    });
    expect(greeksOf(estimateOf({ byUnderlying: [] }))).toBeNull();
  });

  it('place a ratio in its band', () => {
    const band = { low: 0.9, high: 1.1 };
    const places = [0.5, 0.9, 1, 1.1, 9].map((ratio) => placeInBand(ratio, band).toFixed(2));
    expect(places).toEqual(['0.00', '0.25', '0.50', '0.75', '1.00']);
  });
});
