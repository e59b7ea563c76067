import { bookAt, bookInts, levelInts } from '@strikewire/market-data';
import { mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import { setLeg, viewOf } from '../../testing';
import BookStrip from './book-strip.vue';
import { readLegBook } from './table/leg-book';
import type { RowBook } from './use-row-book';

/** The strike at the money, whose call has so many levels. */
function rowWith(levels: number): RowBook {
  const { store } = viewOf();
  setLeg(store, 4, { ltpPaise: 10_000, oi: 1_000 });
  for (let level = 0; level < levels; level++) {
    const at = 4 * bookInts + level * levelInts;
    store.book[at + bookAt.bidPaise] = 9_990 - level * 5;
    store.book[at + bookAt.askPaise] = 10_010 + level * 5;
    store.book[at + bookAt.bidQty] = 65 * (level + 1);
    store.book[at + bookAt.askQty] = 130;
  }
  const [call, put] = [readLegBook(store, 4, 65), readLegBook(store, 5, 65)];
  return { strike: '26,000', rupees: 26_000, tag: 'ATM', why: 'at the money', call, put };
}

const mounted = (row: RowBook | null, hasMore = false, canTrade = false) =>
  mount(BookStrip, { props: { row, isHeatOn: false, hasMore, canTrade } });
const pricesOf = (wrapper: ReturnType<typeof mounted>, side: string): string[] =>
  wrapper.findAll(`.call .${side} b`).map((it) => it.text());

describe('the strip of books', () => {
  it('tells the top of the book, and that it is no more than that', () => {
    const wrapper = mounted(rowWith(1));
    expect([pricesOf(wrapper, 'bids'), pricesOf(wrapper, 'asks')]).toEqual([['99.90'], ['100.10']]);
    const call = wrapper.get('.call').text();
    expect(call).toContain('0.20% tight');
    expect(call).toContain('Top of book only');
    expect(wrapper.get('.put').text()).toContain('–');
  });

  it('tells five levels where they have come', () => {
    const wrapper = mounted(rowWith(5));
    expect(pricesOf(wrapper, 'bids')).toEqual(['99.90', '99.85', '99.80', '99.75', '99.70']);
    expect(wrapper.findAll('.call .bids span').map((it) => it.text())[4]).toBe('325');
    expect(wrapper.get('.call .level-note').text()).toBe('Five levels');
  });

  it('has buttons for what does not fit, and none of use before there is a row', async () => {
    const wrapper = mounted(null, true);
    const [calls, puts] = wrapper.findAll('button');
    await puts?.trigger('click');
    await calls?.trigger('click');
    expect(wrapper.emitted('across')).toEqual([[1], [-1]]);
    expect(mounted(null).findAll('button:disabled')).toHaveLength(2);
  });

  it('leads to a ticket of either leg, for those who trade', async () => {
    expect(mounted(rowWith(1)).find('.trade').exists()).toBe(false);
    const wrapper = mounted(rowWith(1), false, true);
    await wrapper.get("button[aria-label='Sell the 26,000 put']").trigger('click');
    await wrapper.get("button[aria-label='Buy the 26,000 call']").trigger('click');
    expect(wrapper.emitted('trade')).toEqual([['SELL', 26_000, 'PE'], ['BUY', 26_000, 'CE']]);
  });
});
