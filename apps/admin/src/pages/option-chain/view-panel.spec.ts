import { mount, type VueWrapper } from '@vue/test-utils';
import { effectScope, nextTick } from 'vue';
import { describe, expect, it } from 'vitest';
import { servicesOf } from '../../testing';
import { usualLook } from './chain-look';
import { useLook, type LookChoice } from './use-look';
import ViewPanel from './view-panel.vue';

async function mounted(): Promise<{ wrapper: VueWrapper; choice: LookChoice }> {
  const route = { name: 'chain', query: {} };
  const choice = effectScope().run(() =>
    useLook(servicesOf(), route, { replace: async () => undefined }),
  );
  if (!choice) throw new Error('the scope had ended');
  const wrapper = mount(ViewPanel, { props: { choice }, attachTo: document.body });
  await nextTick();
  return { wrapper, choice };
}

const named = (wrapper: VueWrapper, name: string) => wrapper.get(`[aria-label="${name}"]`);
const namesOf = (wrapper: VueWrapper): string[] =>
  wrapper.findAll('.apply').map((it) => it.element.firstChild?.textContent?.trim() ?? '');

async function save(wrapper: VueWrapper, name: string): Promise<void> {
  await named(wrapper, 'Name for this view').setValue(name);
  await wrapper.get('form.save').trigger('submit');
}

describe('the view panel', () => {
  it('saves, applies, opens with, renames and removes a layout', async () => {
    const { wrapper, choice } = await mounted();
    await wrapper.get('input[type=checkbox]').setValue(true);
    await save(wrapper, 'Hot');
    expect(namesOf(wrapper)).toEqual(['Standard', 'Hot']);
    await wrapper.get('[data-row=""]').trigger('click');
    expect(choice.look.value).toEqual(usualLook);
    await wrapper.get('[data-row="Hot"]').trigger('click');
    expect(choice.look.value.isHeatOn).toBe(true);
    expect(wrapper.get('[data-row="Hot"]').attributes('aria-pressed')).toBe('true');

    await named(wrapper, 'Open the page with Hot').trigger('click');
    expect(choice.layouts.opensWith.value).toBe('Hot');
    await named(wrapper, 'Rename Hot').trigger('click');
    await named(wrapper, 'New name of Hot').setValue('Warm');
    await wrapper.get('form.asked').trigger('submit');
    await nextTick();
    expect(namesOf(wrapper)).toEqual(['Standard', 'Warm']);
    expect(document.activeElement?.textContent).toContain('Warm');

    await named(wrapper, 'Remove Warm').trigger('click');
    expect(wrapper.get('.question').text()).toBe('Remove Warm?');
    await wrapper.get('.danger').trigger('click');
    expect(namesOf(wrapper)).toEqual(['Standard']);
    wrapper.unmount();
  });

  it('takes no name that another layout has', async () => {
    const { wrapper, choice } = await mounted();
    await save(wrapper, 'One');
    await save(wrapper, 'Two');
    await named(wrapper, 'Rename Two').trigger('click');
    await named(wrapper, 'New name of Two').setValue('one');
    expect(wrapper.get('.need').text()).toBe('Another layout has this name.');
    await wrapper.get('form.asked').trigger('submit');
    expect(choice.layouts.saved.value.map(({ name }) => name)).toEqual(['One', 'Two']);
    wrapper.unmount();
  });

  it('says when it is full, and then only replaces', async () => {
    const { wrapper, choice } = await mounted();
    for (let at = 0; at < 20; at++) choice.layouts.save(`n${at}`);
    await named(wrapper, 'Name for this view').setValue('another');
    expect(wrapper.get('h2 small').text()).toBe('20 of 20');
    expect(wrapper.get('form.save button').attributes('disabled')).toBeDefined();
    expect(wrapper.text()).toContain('All 20 are in use');
    await named(wrapper, 'Name for this view').setValue('N3');
    expect(wrapper.get('form.save button').text()).toBe('Replace');
    expect(wrapper.get('form.save button').attributes('disabled')).toBeUndefined();
    wrapper.unmount();
  });

  it('takes a rule of moves only when it is one', async () => {
    const { wrapper, choice } = await mounted();
    const percent = named(wrapper, 'Percent of a large move');
    await percent.setValue('5');
    expect(choice.look.value.moves).toEqual({ percent: 5, seconds: 60 });
    await percent.setValue('5.5');
    expect(choice.look.value.moves).toEqual({ percent: 5, seconds: 60 });
    expect(percent.attributes('aria-invalid')).toBe('true');
    expect(wrapper.get('.help.need').text()).toContain('1 to 500 percent');
    await wrapper.findAll('input[type=checkbox]')[1]?.setValue(false);
    expect(choice.look.value.moves).toBeNull();
    wrapper.unmount();
  });
});
