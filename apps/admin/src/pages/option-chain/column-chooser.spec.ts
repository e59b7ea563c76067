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
    const states = ['last price', 'volume', 'delta'].map((name) => {
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

  it('takes the focus, for going on by keyboard', async () => {
    const wrapper = mounted();
    await nextTick();
    await nextTick();
    expect(document.activeElement).toBe(box(wrapper, 'change').element);
    wrapper.unmount();
  });
});
