import { StrikewireError } from '@strikewire/runtime';
import { describe, expect, it, vi } from 'vitest';
import { meOf } from '../testing';
import { createSession } from './session';

const refusal = (kind: 'unauthenticated' | 'retryable', code: string) =>
  new StrikewireError({ kind, code, message: 'no' });

describe('the session', () => {
  it('is asked for once', async () => {
    const read = vi.fn(async () => meOf('trader'));
    const session = createSession(read);
    await session.load();
    await session.load();
    expect(read).toHaveBeenCalledTimes(1);
    expect([session.has('viewer'), session.has('trader'), session.has('admin')]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('is known to whoever asked while it was asked for', async () => {
    let answer = (): void => undefined;
    const read = vi.fn(async () => {
      await new Promise<void>((resolve) => (answer = resolve));
      return meOf('trader');
    });
    const session = createSession(read);
    void session.load();
    const known = session.load().then(() => session.has('trader'));
    answer();
    expect(await known).toBe(true);
    expect(read).toHaveBeenCalledTimes(1);
  });

  it('tells nobody is signed in from nobody answers', async () => {
    let error = refusal('retryable', 'network_failed');
    const session = createSession(() => Promise.reject(error));
    await session.load();
    expect(session.trouble.value?.code).toBe('network_failed');
    error = refusal('unauthenticated', 'sign_in_needed');
    await session.load();
    expect([session.trouble.value, session.me.value]).toEqual([null, null]);
  });

  it('ends when it is over, and not for a late answer to an older one', async () => {
    let isOver = false;
    const session = createSession(async () => {
      if (isOver) throw refusal('unauthenticated', 'sign_in_needed');
      return meOf();
    });
    session.set(meOf());
    await session.recheck();
    expect(session.me.value).not.toBeNull();
    isOver = true;
    await session.recheck();
    expect(session.me.value).toBeNull();
  });

  it('stays while the platform is away for a moment', async () => {
    const session = createSession(() => Promise.reject(refusal('retryable', 'network_failed')));
    session.set(meOf());
    await session.recheck();
    expect([session.me.value?.user.username, session.trouble.value]).toEqual(['asha', null]);
  });

  it('hears that the password is to be replaced', () => {
    const session = createSession(async () => meOf());
    session.set(meOf());
    session.refused(
      new StrikewireError({ kind: 'forbidden', code: 'password_change_needed', message: 'x' }),
    );
    expect(session.me.value?.user.mustChangePassword).toBe(true);
  });
});
