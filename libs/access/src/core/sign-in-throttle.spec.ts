import { createMemoryStateStore, errorKindOf } from '@strikewire/runtime';
import { createVirtualClock } from '@strikewire/runtime/virtual';
import { describe, expect, it } from 'vitest';
import { createSignInThrottle, type SignInThrottle } from './sign-in-throttle';

const windowMs = 15 * 60_000;
const clock = createVirtualClock(0);
const fresh = (): SignInThrottle =>
  createSignInThrottle(createMemoryStateStore(clock, { entriesMax: 10_000 }));

/** How many of so many tries at the same moment were let through. */
async function admitted(
  throttle: SignInThrottle,
  count: number,
  who: (index: number) => [username: string, address: string],
): Promise<number> {
  const tries = Array.from({ length: count }, (_, index) => throttle.take(...who(index)));
  const ends = await Promise.allSettled(tries);
  return ends.filter(({ status }) => status === 'fulfilled').length;
}

describe('tries to sign in', () => {
  it('are ten for one name from one address, also at the same moment', async () => {
    const throttle = fresh();
    expect(await admitted(throttle, 40, () => ['mira', '10.0.0.1'])).toBe(10);
    expect(await admitted(throttle, 1, () => ['mira', '10.0.0.2'])).toBe(1);
    expect(await admitted(throttle, 1, () => ['ravi', '10.0.0.1'])).toBe(1);
  });

  it('are told when to go on, and may then', async () => {
    const throttle = fresh();
    await admitted(throttle, 10, () => ['mira', '10.0.0.1']);
    await clock.advance(60_000);
    const refused = await throttle.take('mira', '10.0.0.1').catch((error: unknown) => error);
    expect(errorKindOf(refused)).toBe('throttled');
    const { details, message } = refused as { details: unknown; message: string };
    expect(details).toEqual({ retryAfterS: 14 * 60 });
    expect(message).toContain('14 min');
    await clock.advance(windowMs - 60_000);
    expect(await admitted(throttle, 11, () => ['mira', '10.0.0.1'])).toBe(10);
  });

  it('do not make the window longer by going on and on', async () => {
    const throttle = fresh();
    for (let minute = 0; minute < 15; minute++) {
      await admitted(throttle, 20, () => ['mira', '10.0.0.1']);
      await clock.advance(60_000);
    }
    expect(await admitted(throttle, 1, () => ['mira', '10.0.0.1'])).toBe(1);
  });

  it('are fifty from one address, whatever the names', async () => {
    const throttle = fresh();
    expect(await admitted(throttle, 80, (index) => [`user${index}`, '10.0.0.1'])).toBe(50);
    expect(await admitted(throttle, 1, () => ['user0', '10.0.0.2'])).toBe(1);
  });

  it('are a hundred for one name, whatever the addresses', async () => {
    const throttle = fresh();
    expect(await admitted(throttle, 150, (index) => ['mira', `10.0.0.${index}`])).toBe(100);
    expect(await admitted(throttle, 1, () => ['ravi', '10.0.0.1'])).toBe(1);
  });

  it('from one address never use up those of everybody for a name', async () => {
    const throttle = fresh();
    await admitted(throttle, 500, () => ['mira', '10.0.0.1']);
    expect(await admitted(throttle, 1, () => ['mira', '10.0.0.9'])).toBe(1);
  });

  it('from many addresses leave a name open to the address that it signed in from', async () => {
    const throttle = fresh();
    await throttle.forgive('mira', '10.0.0.1');
    await admitted(throttle, 200, (index) => ['mira', `10.0.1.${index}`]);
    expect(await admitted(throttle, 1, () => ['mira', '10.0.2.1'])).toBe(0);
    expect(await admitted(throttle, 20, () => ['mira', '10.0.0.1'])).toBe(10);
  });

  it('from a throttled address with ever new names do not crowd out what is counted', async () => {
    const store = createMemoryStateStore(clock, { entriesMax: 500 });
    const throttle = createSignInThrottle(store);
    await admitted(throttle, 10, () => ['mira', '10.0.0.1']);
    await admitted(throttle, 5_000, (index) => [`made-up-${index}`, '10.0.0.66']);
    expect(await admitted(throttle, 1, () => ['mira', '10.0.0.1'])).toBe(0);
    expect(await admitted(throttle, 1, () => ['ravi', '10.0.0.66'])).toBe(0);
  });

  it('with one name over and over leave the address open to others', async () => {
    const throttle = fresh();
    for (let turn = 0; turn < 200; turn++) await admitted(throttle, 1, () => ['mira', '10.0.0.1']);
    expect(await admitted(throttle, 1, () => ['ravi', '10.0.0.1'])).toBe(1);
  });

  it('are not told apart by whether there is such a name', async () => {
    const throttle = fresh();
    expect(await admitted(throttle, 11, () => ['nobody', '10.0.0.1'])).toBe(10);
    expect(await admitted(throttle, 11, () => ['no-one', '10.0.0.1'])).toBe(10);
  });

  it('begin anew for a pair after a right password, and for nobody else', async () => {
    const throttle = fresh();
    await admitted(throttle, 10, () => ['mira', '10.0.0.1']);
    await admitted(throttle, 10, () => ['ravi', '10.0.0.1']);
    await throttle.forgive('mira', '10.0.0.1');
    expect(await admitted(throttle, 11, () => ['mira', '10.0.0.1'])).toBe(10);
    expect(await admitted(throttle, 1, () => ['ravi', '10.0.0.1'])).toBe(0);
  });
});
