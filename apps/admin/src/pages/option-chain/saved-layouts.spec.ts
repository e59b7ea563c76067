import { describe, expect, it } from 'vitest';
import { servicesOf } from '../../testing';
import { usualLook, type ChainLook } from './chain-look';
import {
  layoutLimits,
  memoryKey,
  readLooks,
  renamed,
  tidyName,
  withLayout,
  withoutLayout,
  writeLooks,
  type KeptLooks,
} from './saved-layouts';

const none: KeptLooks = { last: null, opensWith: null, layouts: [] };
const look: ChainLook = { columns: ['oi', 'ltp', 'delta'], isHeatOn: true, moves: null };

function saved(...names: string[]): KeptLooks {
  return names.reduce<KeptLooks>((kept, name) => withLayout(kept, name, look) ?? kept, none);
}

describe('kept looks', () => {
  it('are read as they were written, for each person alone', () => {
    const { memory } = servicesOf();
    const kept = { ...saved('Greeks', 'Book'), last: usualLook, opensWith: 'Book' };
    writeLooks(memory, 'asha', kept);
    expect(readLooks(memory, 'asha')).toEqual(kept);
    expect(readLooks(memory, 'ravi')).toEqual(none);
  });

  it.each([
    ['', '[]', 'null', '{'],
    ['{"version":2,"layouts":[{"name":"a"}]}'],
    ['{"version":1,"layouts":7,"last":3,"opensWith":"a"}'],
    ['{"version":1,"layouts":[3,{"name":7},{"name":"  "}]}'],
  ])('are none where nothing of ours is written: %s', (...texts) => {
    for (const text of texts) {
      const { memory } = servicesOf();
      memory.set(memoryKey('asha'), text);
      expect(readLooks(memory, 'asha')).toEqual(none);
    }
  });

  it('are no more than may be kept, whatever is written', () => {
    const { memory } = servicesOf();
    const layouts = Array.from({ length: 30 }, (_, at) => ({ name: `n${at}`, heat: 'on' }));
    memory.set(memoryKey('asha'), JSON.stringify({ version: 1, layouts, opensWith: 'n25' }));
    const kept = readLooks(memory, 'asha');
    expect(kept.layouts).toHaveLength(layoutLimits.count);
    expect(kept.opensWith).toBeNull();
  });
});

describe('layouts', () => {
  it('take the place of the one of their name, whatever its capitals', () => {
    const twice = withLayout(saved('Greeks'), 'greeks', usualLook);
    expect(twice?.layouts).toEqual([{ name: 'Greeks', look: usualLook }]);
  });

  it('are at most twenty; a full list takes only what is in it', () => {
    const full = saved(...Array.from({ length: 25 }, (_, at) => `n${at}`));
    expect(full.layouts).toHaveLength(20);
    expect(withLayout(full, 'another', look)).toBeNull();
    expect(withLayout(full, 'n3', usualLook)?.layouts[3]?.look).toEqual(usualLook);
  });

  it('are renamed, but not to the name of another', () => {
    const kept = { ...saved('Greeks', 'Book'), opensWith: 'Greeks' };
    expect(renamed(kept, 'Greeks', 'book')).toBeNull();
    expect(renamed(kept, 'nosuch', 'New')).toBeNull();
    expect(renamed(kept, 'Greeks', 'GREEKS')).toMatchObject({ opensWith: 'GREEKS' });
    expect(renamed(kept, 'Book', 'Depth')?.layouts.map(({ name }) => name)).toEqual([
      'Greeks', 'Depth',
    ]);
  });

  it('are removed, and open the page no more', () => {
    const kept = { ...saved('Greeks', 'Book'), opensWith: 'Greeks' };
    expect(withoutLayout(kept, 'Greeks')).toEqual(saved('Book'));
    expect(withoutLayout(kept, 'Book').opensWith).toBe('Greeks');
  });

  it('have names without needless blanks, not too long', () => {
    expect(tidyName('  Short \t straddle ')).toBe('Short straddle');
    expect(tidyName('x'.repeat(99))).toHaveLength(layoutLimits.nameLength);
    expect(tidyName(7)).toBe('');
  });
});
