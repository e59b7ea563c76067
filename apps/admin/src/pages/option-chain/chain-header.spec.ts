import { sumChain } from '@strikewire/client';
import { mount, type VueWrapper } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import { viewOf } from '../../testing';
import ChainHeader from './chain-header.vue';

function mounted(figures: object | null): VueWrapper {
  const { layout, head, store } = viewOf();
  return mount(ChainHeader, {
    props: {
      layout: figures && layout,
      head: figures && head && { ...head, ...figures },
      sums: figures && sumChain(store),
      pricing: null,
      age: { level: 'live', text: 'live' },
      isLoading: figures === null,
    },
  });
}

function textOf(wrapper: VueWrapper, at: number): string {
  const place = wrapper.get(`.fact-${at}`);
  return `${place.get('dt').text()} | ${place.get('dd').text()}`;
}

describe('the header of a chain', () => {
  it('shows each figure with its name, source and share', () => {
    const figures = { forward: 26_021.5, forwardSource: 'future', straddle: 312.4 };
    const wrapper = mounted(figures);
    expect(textOf(wrapper, 0)).toBe('Forward future | 26,021.50');
    expect(textOf(wrapper, 4)).toBe('Straddle | 312.40 1.20%');
    expect(textOf(wrapper, 7)).toBe('Lot | 65');
  });

  it('says on hover why a figure is missing', () => {
    const place = mounted({}).get('.fact-1 dd');
    expect(place.text()).toBe('–');
    expect(place.attributes('title')).toMatch(/^None: there is no forward/);
  });

  it('has the same places while loading', () => {
    expect(mounted(null).findAll('dl > div')).toHaveLength(mounted({}).findAll('dl > div').length);
    expect(mounted(null).findAll('dl .bone').length).toBeGreaterThan(0);
  });
});
