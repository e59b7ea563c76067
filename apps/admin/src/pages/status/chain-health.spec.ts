import type { PlatformStatus } from '@strikewire/contracts';
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils';
import type { Router } from 'vue-router';
import { describe, expect, it } from 'vitest';
import { chainStateOf, routerOf } from '../../testing';
import ChainHealth from './chain-health.vue';

type Chain = ReturnType<typeof chainStateOf>;

const underlyingOf = (symbol: string, chains: Chain[]): PlatformStatus['underlyings'][number] => ({
  symbol, exchange: 'NSE', state: 'built', reason: null, chains,
});

async function mounted(
  underlyings: PlatformStatus['underlyings'],
  { query = '', isOpen = true } = {},
): Promise<{ wrapper: VueWrapper; router: Router }> {
  const router = routerOf();
  await router.push(`/status${query}`);
  const wrapper = mount(ChainHealth, {
    props: { underlyings, isOpen, wallMs: Date.parse('2026-11-23T10:00:00+05:30') },
    global: { plugins: [router] },
  });
  return { wrapper, router };
}

const words = (html: string): string => html.replace(/(<[^>]+>|\s)+/g, ' ').trim();
const rowsOf = (wrapper: VueWrapper): string[] =>
  wrapper.findAll('tbody tr').map((row) =>
    row.findAll('th, td').map((cell) => words(cell.html())).join(' | '),
  );
const many = Array.from({ length: 233 }, (_, at) =>
  underlyingOf(`STOCK${at}`, [
    chainStateOf({ tickAgeMs: at }),
    chainStateOf({ expiry: '2026-12-29', class: 'monthly', tickAgeMs: 1_000 + at }),
    chainStateOf({ expiry: '2027-01-26', state: 'pending' }),
  ]),
);

describe('chain health', () => {
  it('tells of every chain how it stands', async () => {
    const chains = [
      chainStateOf(),
      chainStateOf({ expiry: '2026-12-01', strikeCount: 97, liveCount: 190, shortfall: 3 }),
      chainStateOf({ expiry: '2026-12-08', restAgeMs: 75_000, stale: true }),
      chainStateOf({
        expiry: '2026-12-15', state: 'not_built', reason: 'no strikes', liveCount: 0,
      }),
    ];
    const { wrapper } = await mounted([underlyingOf('NIFTY', chains)]);
    expect(rowsOf(wrapper)).toEqual([
      'NIFTY 24 Nov NSE weekly | built | 100 | 200 / 200 | live | 20 s of 60 s',
      'NIFTY 1 Dec NSE weekly | built 3 strikes not listed | 97 | 190 / 194 | live | 20 s of 60 s',
      'NIFTY 8 Dec NSE weekly | built | 100 | 200 / 200 | stale | 75 s over 60 s',
      'NIFTY 15 Dec NSE weekly | not built no strikes | 100 | 0 / 200 |  | ',
    ]);
    expect(wrapper.find('nav').exists()).toBe(false);
    expect(wrapper.get('h2').text()).toBe('Chains 3 of 4 built');
  });

  it('shows 700 chains page by page', async () => {
    const { wrapper, router } = await mounted(many);
    expect(rowsOf(wrapper)).toHaveLength(50);
    expect(wrapper.get('nav').text()).toContain('1–50 of 699');
    await wrapper.findAll('nav button')[1]?.trigger('click');
    await flushPromises();
    expect(router.currentRoute.value.query).toEqual({ page: '2' });
    expect(wrapper.get('nav').text()).toContain('51–100 of 699');
  });

  it('finds, filters and sorts, all in the address', async () => {
    const { wrapper, router } = await mounted(many, { query: '?page=9' });
    await wrapper.get('input').setValue('stock22');
    await flushPromises();
    expect(router.currentRoute.value.query).toEqual({ q: 'stock22' });
    expect(rowsOf(wrapper)).toHaveLength(33);
    const pending = wrapper.findAll('.shows button')[2];
    expect(pending?.text()).toBe('Building 11');
    await pending?.trigger('click');
    await flushPromises();
    expect(rowsOf(wrapper)).toHaveLength(11);
    await wrapper.findAll('.shows button')[0]?.trigger('click');
    await flushPromises();
    const head = wrapper.findAll('thead th')[4];
    await head?.get('button').trigger('click');
    await flushPromises();
    expect(rowsOf(wrapper)[0]).toContain('STOCK229 29 Dec');
    expect(head?.attributes('aria-sort')).toBe('descending');
    expect(router.currentRoute.value.query).toEqual({ q: 'stock22', sort: 'tick' });
  });

  it('opens where an address points, and makes the best of a wrong one', async () => {
    const linked = await mounted(many, { query: '?q=stock1&show=pending&sort=-chain' });
    expect(rowsOf(linked.wrapper)[0]).toContain('STOCK199 26 Jan 27');
    const wrong = await mounted(many, { query: '?page=99&show=x&sort=y' });
    expect(wrong.wrapper.get('nav').text()).toContain('651–699 of 699');
    expect(rowsOf(wrong.wrapper)[48]).toContain('STOCK232 26 Jan 27');
  });

  it('leads back when nothing is found', async () => {
    const { wrapper, router } = await mounted(many, { query: '?q=nosuch' });
    expect(wrapper.get('.nothing').text()).toContain('No chain is like that.');
    await wrapper.get('.nothing button').trigger('click');
    await flushPromises();
    expect(router.currentRoute.value.query).toEqual({});
    expect(rowsOf(wrapper)).toHaveLength(50);
  });

  it('calls nothing late in a closed market', async () => {
    const chains = [chainStateOf({ tickAgeMs: 9e6, restAgeMs: 9e6, stale: true })];
    const { wrapper } = await mounted([underlyingOf('NIFTY', chains)], { isOpen: false });
    expect(rowsOf(wrapper)[0]).toContain('closed | 2 h of 60 s');
  });
});
