import { mount, type VueWrapper } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import ChartPanel from './chart-panel.vue';
import type { Chart } from './chart-parts';

const empty: Chart = {
  option: null,
  table: { columns: ['Strike', 'Call OI'], rows: [['26,000', '1,000']], firstRow: 0 },
  summary: 'Max pain 26,000',
};

function mounted(chart: Chart | null, failure: string | null = null): VueWrapper {
  const texts = { title: 'Open interest', about: 'Units', emptyText: 'Nothing is known yet.' };
  return mount(ChartPanel, { props: { ...texts, chart, failure } });
}

describe('a chart panel', () => {
  it('keeps its place while loading', () => {
    expect(mounted(null).find('.drawing .bone').exists()).toBe(true);
  });

  it('says why there is nothing to draw', () => {
    expect(mounted(empty).find('.empty').text()).toBe('Nothing is known yet.');
    expect(mounted(null, 'It could not be read.').find('.empty').text()).toContain('not be read');
  });

  it('shows the same as a table when asked to', async () => {
    const wrapper = mounted(empty);
    const button = wrapper.get('button');
    expect(button.attributes('aria-expanded')).toBe('false');
    expect(wrapper.find('table').exists()).toBe(false);
    await button.trigger('click');
    expect(button.attributes('aria-expanded')).toBe('true');
    expect(wrapper.get('.figures').attributes('id')).toBe(button.attributes('aria-controls'));
    expect(wrapper.findAll('thead th').map((cell) => cell.text())).toEqual(['Strike', 'Call OI']);
    expect(wrapper.get('tbody tr').text()).toBe('26,0001,000');
  });
});
