import { effectScope, nextTick, reactive } from 'vue';
import type { LocationQuery } from 'vue-router';
import { describe, expect, it } from 'vitest';
import { servicesOf } from '../../testing';
import { columnsText, defaultColumns, greekColumns } from './column-choice';
import { columnIds } from './table/columns';
import { useColumns } from './use-columns';

function mounted({ query = {}, remembered }: { query?: LocationQuery; remembered?: string } = {}) {
  const { memory } = servicesOf();
  if (remembered !== undefined) memory.set('columns', remembered);
  const route = reactive({ name: 'chain', query });
  const replace = async (to: unknown): Promise<void> => {
    const { query: next } = to as { query: LocationQuery };
    route.query = Object.fromEntries(
      Object.entries(next).filter(([, value]) => value !== undefined),
    );
  };
  const choice = effectScope().run(() => useColumns(memory, route, { replace }));
  if (!choice) throw new Error('the scope had ended');
  return { memory, route, choice };
}

const withGreeks = columnsText(columnIds);

describe('the columns shown', () => {
  it('are the default without an address that names them, which then stays as it is', () => {
    const { route, choice } = mounted({ query: { other: '1' } });
    expect(choice.chosen.value).toEqual(defaultColumns);
    expect(route.query).toEqual({ other: '1' });
  });

  it('follow the address before the memory', async () => {
    const query = { columns: 'oi,ltp,vega' };
    const { route, choice, memory } = mounted({ query, remembered: 'oi,ltp,rho' });
    expect(choice.chosen.value).toEqual(['oi', 'ltp', 'vega']);
    expect(memory.get('columns')).toBe('oi,ltp,rho');
    route.query = { columns: 'oi,ltp,theta' };
    await nextTick();
    expect(choice.chosen.value).toEqual(['oi', 'ltp', 'theta']);
  });

  it('are those chosen last, and stand in the address', () => {
    const { route, choice } = mounted({ remembered: 'oi,ltp,rho' });
    expect(choice.chosen.value).toEqual(['oi', 'ltp', 'rho']);
    expect(route.query).toEqual({ columns: 'oi,ltp,rho' });
  });

  it('are written to address and memory when they change; the default only to memory', () => {
    const { memory, route, choice } = mounted({ query: { other: '1' } });
    choice.toggle(greekColumns);
    expect(route.query).toEqual({ other: '1', columns: withGreeks });
    expect(memory.get('columns')).toBe(withGreeks);
    choice.reset();
    expect(route.query).toEqual({ other: '1' });
    expect(memory.get('columns')).toBe(columnsText(defaultColumns));
  });

  it('are written again to an address that lost them, but not to another page’s', async () => {
    const { route } = mounted({ query: { columns: 'oi,ltp,rho' } });
    route.query = {};
    await nextTick();
    expect(route.query).toEqual({ columns: 'oi,ltp,rho' });
    Object.assign(route, { name: 'status', query: {} });
    await nextTick();
    expect(route.query).toEqual({});
  });
});
