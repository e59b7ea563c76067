import { mount, type VueWrapper } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import { chainStateOf, routerOf } from '../../testing';
import ExpiryTabs from './expiry-tabs.vue';

const chains = [
  chainStateOf(),
  chainStateOf({ expiry: '2026-12-29', class: 'monthly' }),
  chainStateOf({ expiry: '2027-03-30', state: 'not_built', reason: 'the chain was empty' }),
  chainStateOf({ expiry: '2027-06-29', state: 'pending' }),
];

function mounted(given: typeof chains | null = chains): VueWrapper {
  Element.prototype.scrollIntoView = () => {};
  return mount(ExpiryTabs, {
    props: {
      linkTo: (expiry: string) => ({ name: 'chain', params: { underlying: 'NIFTY', expiry } }),
      chains: given,
      selected: '2026-12-29',
      wallMs: Date.parse('2026-11-23T10:00:00+05:30'),
    },
    global: { plugins: [routerOf()] },
  });
}

describe('expiry tabs', () => {
  it('says date, class and days left, and marks the chosen one', () => {
    const tabs = mounted().findAll('a');
    expect(tabs.map((tab) => tab.text())).toEqual([
      '24 Novweekly · 1 d',
      '29 Decmonthly · 36 d',
      '30 Mar 27not built',
      '29 Jun 27building',
    ]);
    expect(tabs.map((tab) => tab.attributes('aria-current'))).toEqual([
      undefined,
      'page',
      undefined,
      undefined,
    ]);
  });

  it('links to each chain and gives the reason of what is not built', () => {
    const missing = mounted().findAll('a')[2];
    expect(missing?.attributes('href')).toBe('/chain/NIFTY/2027-03-30');
    expect(missing?.attributes('title')).toContain('the chain was empty');
  });

  it('keeps its place while loading', () => {
    const wrapper = mounted(null);
    expect(wrapper.findAll('a')).toHaveLength(0);
    expect(wrapper.findAll('.bone').length).toBeGreaterThan(0);
  });
});
