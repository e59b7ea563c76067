import { StrikewireError } from '@strikewire/runtime';
import type { VirtualClock } from '@strikewire/runtime/virtual';
import { flushPromises, mount } from '@vue/test-utils';
import { expect, it, vi } from 'vitest';
import { servicesKey, type Services } from '../../../services';
import { meOf, servicesOf } from '../../../testing';
import SignInPage from './sign-in-page.vue';

function opened(services: Services) {
  const wrapper = mount(SignInPage, { global: { provide: { [servicesKey]: services } } });
  const signIn = async (): Promise<void> => {
    await wrapper.get('input[name=username]').setValue(' asha ');
    await wrapper.get('input[name=password]').setValue('a long password');
    await wrapper.get('form').trigger('submit');
    await flushPromises();
  };
  return { wrapper, signIn };
}

it('signs in with what a password manager can fill', async () => {
  const call = vi.fn(async () => meOf());
  const services = servicesOf({}, { me: null, api: { auth: { signIn: call } } });
  const { wrapper, signIn } = opened(services);
  const filled = wrapper.findAll('input').map((input) => input.attributes('autocomplete'));
  expect(filled).toEqual(['username', 'current-password']);
  await signIn();
  expect(call).toHaveBeenCalledWith({ username: 'asha', password: 'a long password' });
  expect(services.session.me.value?.user.username).toBe('asha');
});

it('says until when it has to wait, and waits', async () => {
  const refusal = new StrikewireError({
    kind: 'throttled',
    code: 'sign_in_throttled',
    message: 'too many tries',
    details: { retryAfterS: 120 },
  });
  const call = vi.fn(() => Promise.reject(refusal));
  const services = servicesOf({}, { me: null, api: { auth: { signIn: call } } });
  const { wrapper, signIn } = opened(services);
  await signIn();
  expect(wrapper.text()).toContain('The next is possible at 10:02:00 (in 2 min)');
  await signIn();
  expect(call).toHaveBeenCalledTimes(1);
  await (services.clock as VirtualClock).advance(121_000);
  expect(wrapper.text()).not.toContain('Too many tries');
  await signIn();
  expect(call).toHaveBeenCalledTimes(2);
});

it('forgets a password that was refused, and does not say which part was wrong', async () => {
  const refusal = new StrikewireError({
    kind: 'unauthenticated',
    code: 'sign_in_refused',
    message: 'the username or the password is wrong',
  });
  const call = vi.fn(() => Promise.reject(refusal));
  const { wrapper, signIn } = opened(servicesOf({}, { me: null, api: { auth: { signIn: call } } }));
  await signIn();
  expect(wrapper.text()).toContain('The username or the password is wrong');
  expect(wrapper.get<HTMLInputElement>('input[name=password]').element.value).toBe('');
});
