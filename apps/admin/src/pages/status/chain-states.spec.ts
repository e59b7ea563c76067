import { mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import { chainStateOf, routerOf } from '../../testing';
import ChainStates from './chain-states.vue';

type Chain = ReturnType<typeof chainStateOf>;

function rowsOf(chains: Chain[], isOpen = true): string[] {
  const wrapper = mount(ChainStates, {
    props: {
      underlyings: [{ symbol: 'NIFTY', exchange: 'NSE', state: 'built', reason: null, chains }],
      isOpen,
      wallMs: Date.parse('2026-11-23T10:00:00+05:30'),
    },
    global: { plugins: [routerOf()] },
  });
  const words = (html: string): string => html.replace(/(<[^>]+>|\s)+/g, ' ').trim();
  return wrapper.findAll('tbody tr').map((row) =>
    row.findAll('th, td').map((cell) => words(cell.html())).join(' | '),
  );
}

describe('chain states', () => {
  it('lists every chain under its underlying', () => {
    expect(rowsOf([chainStateOf(), chainStateOf({ state: 'pending' })])).toEqual([
      'NIFTY NSE 1 of 2',
      '24 Nov weekly | built | 100 | 200 / 200 | live',
      '24 Nov weekly | building waiting for its turn | 100 | 200 / 200 | live',
    ]);
  });

  it('gives the reason of what is missing, and what is out of the ordinary', () => {
    const [, missing, odd] = rowsOf([
      chainStateOf({ state: 'not_built', reason: 'the broker sent an empty chain' }),
      chainStateOf({ strikeCount: 97, liveCount: 190, shortfall: 3, atmOutsideWindow: true }),
    ]);
    expect(missing).toContain('not built the broker sent an empty chain');
    expect(odd).toContain('3 strikes not listed; the spot has left its strikes');
    expect(odd).toContain('190 / 194');
  });

  it('never calls a chain live that the platform calls stale, nor one of a closed market', () => {
    expect(rowsOf([chainStateOf({ stale: true })])[1]).toMatch(/stale$/);
    expect(rowsOf([chainStateOf({ tickAgeMs: 12_000 })])[1]).toMatch(/12 s$/);
    expect(rowsOf([chainStateOf()], false)[1]).toMatch(/closed$/);
  });
});
