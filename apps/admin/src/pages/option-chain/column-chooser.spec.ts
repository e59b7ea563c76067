import { mount, type VueWrapper } from '@vue/test-utils';
import { nextTick } from 'vue';
import { describe, expect, it } from 'vitest';
import { defaultColumns } from './column-choice';
import ColumnChooser from './column-chooser.vue';

function mounted(): VueWrapper {
  return mount(ColumnChooser, { props: { chosen: defaultColumns }, attachTo: document.body });
}

function box(wrapper: VueWrapper, name: string) {
  const label = wrapper.findAll('label').find((it) => it.text().startsWith(name));
  if (!label) throw new Error(`no column ${name}`);
  return label.get('input');
}

describe('the column chooser', () => {
  it('shows what is on, and what cannot be off', () => {
    const wrapper = mounted();
    const states = ['last price', 'build-up', 'delta'].map((name) => {
      const { checked, disabled } = box(wrapper, name).element;
      return { checked, disabled };
    });
    expect(states).toEqual([
      { checked: true, disabled: true },
      { checked: true, disabled: false },
      { checked: false, disabled: false },
    ]);
    wrapper.unmount();
  });

  it('tells what is switched, and is done by two keys or a press elsewhere', async () => {
    const wrapper = mounted();
    await box(wrapper, 'delta').setValue(true);
    expect(wrapper.emitted('toggle')).toEqual([[['delta']]]);
    await wrapper.trigger('keydown', { key: 'Escape' });
    await wrapper.trigger('keydown', { key: 'c' });
    await wrapper.get('fieldset').trigger('pointerdown');
    expect(wrapper.emitted('close')).toHaveLength(2);
    document.body.dispatchEvent(new Event('pointerdown', { bubbles: true }));
    expect(wrapper.emitted('close')).toHaveLength(3);
    wrapper.unmount();
  });

  it('moves a column by its buttons, and stops at the ends', async () => {
    const wrapper = mounted();
    await wrapper.get('[aria-label="Move change up"]').trigger('click');
    await wrapper.get('[aria-label="Move ask down"]').trigger('click');
    const [first, second, third, ...rest] = defaultColumns;
    expect(wrapper.emitted('order')).toEqual([[[first, third, second, ...rest]]]);
    expect(wrapper.get('[role=status]').text()).toBe('change: place 2 of 9');
    wrapper.unmount();
  });

  it('follows a dragged column, and lets it go where it is', async () => {
    const wrapper = mounted();
    const rows = wrapper.findAll('li').map(({ element }) => element);
    rows.forEach((row, at) => {
      row.getBoundingClientRect = () => ({ top: at * 30, height: 30 }) as DOMRect;
    });
    const drag = async (type: string, clientY: number): Promise<void> => {
      const target = type === 'pointerdown' ? rows[2]?.querySelector('.handle') : window;
      target?.dispatchEvent(new PointerEvent(type, { clientY, button: 0, bubbles: true }));
      await nextTick();
    };
    await drag('pointerdown', 75);
    await drag('pointermove', 10);
    expect(wrapper.findAll('li')[0]?.text()).toContain('change');
    expect(wrapper.emitted('order')).toBeUndefined();
    await drag('pointerup', 10);
    const [first, second, third, ...rest] = defaultColumns;
    expect(wrapper.emitted('order')).toEqual([[[third, first, second, ...rest]]]);
    await drag('pointermove', 200);
    expect(wrapper.emitted('order')).toHaveLength(1);
    wrapper.unmount();
  });

  it('takes the focus, for going on by keyboard', async () => {
    const wrapper = mounted();
    await nextTick();
    await nextTick();
    expect(document.activeElement).toBe(box(wrapper, 'change').element);
    wrapper.unmount();
  });
});
