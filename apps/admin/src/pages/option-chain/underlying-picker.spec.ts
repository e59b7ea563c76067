import { mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import { SelectBox, SelectOption } from '../../ui/select-controls';
import UnderlyingPicker from './underlying-picker.vue';

const known = {
  exchange: 'NSE',
  kind: 'index',
  state: 'built',
  reason: null,
  ltp: 26_012.35,
  strikeInterval: 50,
  atmStrike: 26_000,
  lotSize: 65,
} as const;
const underlyings = [
  { ...known, symbol: 'NIFTY' },
  { ...known, symbol: 'FINNIFTY', state: 'not_built' as const, reason: 'no LTP', ltp: null },
];

const mounted = (symbol: string | null) =>
  mount(UnderlyingPicker, { props: { symbol, underlyings }, attachTo: document.body });

describe('underlying picker', () => {
  it('offers every underlying with its price or its trouble', () => {
    const options = mounted('NIFTY').findAllComponents(SelectOption);
    expect(options.map((option) => option.text())).toEqual(['NIFTY26,012.35', 'FINNIFTYnot built']);
  });

  it('shows a linked symbol that no list holds', () => {
    const options = mounted('XYZ').findAllComponents(SelectOption);
    expect(options.map((option) => option.props('value'))).toEqual(['XYZ', 'NIFTY', 'FINNIFTY']);
  });

  it('tells which one was picked', () => {
    const wrapper = mounted('NIFTY');
    wrapper.findComponent(SelectBox).vm.$emit('change', 'FINNIFTY');
    expect(wrapper.emitted('pick')).toEqual([['FINNIFTY']]);
  });

  it('is found by its label and takes the focus', () => {
    const wrapper = mounted('NIFTY');
    (wrapper.vm as unknown as { focus(): void }).focus();
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Underlying');
  });
});
