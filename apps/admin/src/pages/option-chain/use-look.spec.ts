import { effectScope, nextTick, reactive } from 'vue';
import type { LocationQuery } from 'vue-router';
import { describe, expect, it } from 'vitest';
import { servicesOf } from '../../testing';
import { lookOf, usualLook } from './chain-look';
import { columnsText, defaultColumns, greekColumns, toggled } from './column-choice';
import { readLooks, writeLooks, type KeptLooks } from './saved-layouts';
import { useLook } from './use-look';

const rho = lookOf({ columns: 'oi,ltp,rho' });

function mounted({ query = {}, kept }: { query?: LocationQuery; kept?: Partial<KeptLooks> } = {}) {
  const services = servicesOf();
  const { memory } = services;
  if (kept) writeLooks(memory, 'asha', { last: null, opensWith: null, layouts: [], ...kept });
  const route = reactive({ name: 'chain', query });
  const replace = async (to: unknown): Promise<void> => {
    const { query: next } = to as { query: LocationQuery };
    route.query = Object.fromEntries(
      Object.entries(next).filter(([, value]) => value !== undefined),
    );
  };
  const choice = effectScope().run(() => useLook(services, route, { replace }));
  if (!choice) throw new Error('the scope had ended');
  return { route, choice, read: () => readLooks(memory, 'asha') };
}

const withGreeks = columnsText(toggled(defaultColumns, greekColumns));

describe('the look at chains', () => {
  it('is the usual one without an address that names it, which then stays as it is', () => {
    const { route, choice } = mounted({ query: { other: '1' } });
    expect(choice.look.value).toEqual(usualLook);
    expect(route.query).toEqual({ other: '1' });
  });

  it('follows the address before what is kept', async () => {
    const { route, choice, read } = mounted({
      query: { columns: 'vega,oi,ltp' },
      kept: { last: rho },
    });
    expect(choice.look.value.columns).toEqual(['vega', 'oi', 'ltp']);
    expect(read().last).toEqual(rho);
    route.query = { heat: 'on' };
    await nextTick();
    expect(choice.look.value).toEqual({ ...usualLook, isHeatOn: true });
  });

  it('is the one used last, and stands in the address', () => {
    const { route, choice } = mounted({ kept: { last: rho } });
    expect(choice.look.value).toEqual(rho);
    expect(route.query).toEqual({ columns: 'oi,ltp,rho' });
  });

  it('is the layout that opens the page before the one used last', () => {
    const hot = { ...usualLook, isHeatOn: true };
    const { route } = mounted({
      kept: { last: rho, opensWith: 'Hot', layouts: [{ name: 'Hot', look: hot }] },
    });
    expect(route.query).toEqual({ heat: 'on' });
  });

  it('is written to address and memory when it changes; the usual one only to memory', () => {
    const { route, choice, read } = mounted({ query: { other: '1' } });
    choice.toggle(greekColumns);
    choice.change({ moves: null });
    expect(route.query).toEqual({ other: '1', columns: withGreeks, moves: 'off' });
    expect(read().last).toEqual(choice.look.value);
    choice.change({ moves: usualLook.moves });
    choice.resetColumns();
    expect(route.query).toEqual({ other: '1' });
    expect(read().last).toEqual(usualLook);
  });

  it('is written again to an address that lost it, but not to another page’s', async () => {
    const { route } = mounted({ query: { columns: 'oi,ltp,rho' } });
    route.query = {};
    await nextTick();
    expect(route.query).toEqual({ columns: 'oi,ltp,rho' });
    Object.assign(route, { name: 'status', query: {} });
    await nextTick();
    expect(route.query).toEqual({});
  });

  it('is kept under names', () => {
    const { choice, read } = mounted({ query: { columns: 'oi,ltp,rho' } });
    const { layouts } = choice;
    expect(layouts.save('  ')).toBe(false);
    expect(layouts.save(' Rho ')).toBe(true);
    choice.change({ isHeatOn: true });
    layouts.openWith('Rho');
    expect(layouts.saved.value).toEqual([{ name: 'Rho', look: rho }]);
    expect(layouts.rename('Rho', 'Rates')).toBe(true);
    expect(read()).toMatchObject({ opensWith: 'Rates', last: { isHeatOn: true } });
    layouts.remove('Rates');
    expect(read()).toMatchObject({ opensWith: null, layouts: [] });
  });
});
