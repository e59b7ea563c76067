import { byPlatform } from '@strikewire/platform';
import { silentLog, StrikewireError, type ErrorKind } from '@strikewire/runtime';
import { createVirtualClock, type VirtualClock } from '@strikewire/runtime/virtual';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TokenGrant } from '../core/auth-port';
import { newAccount, openAccountsBench, type AccountsBench } from './testing/accounts-bench';
import { TokenKeeper } from './token-keeper';

const minuteMs = 60_000;
const startMs = Date.parse('2026-11-24T09:00:00+05:30');
let bench: AccountsBench;
let clock: VirtualClock;
let keeper: TokenKeeper;
let id: string;
/** When the broker was asked for a token, in minutes since the start, and by which token. */
let asked: { minute: number; token: string }[];
let failure: ErrorKind | undefined;
let expiresMs: number | null;
/** In the place of an answer. */
let hangs: Promise<TokenGrant> | undefined;
let comes: (grant: TokenGrant) => void;

beforeAll(async () => {
  bench = await openAccountsBench({
    expiresMs: () => expiresMs,
    renew(token) {
      asked.push({ minute: (clock.wallMs() - startMs) / minuteMs, token });
      if (hangs) return hangs;
      if (failure !== undefined) {
        const error = { kind: failure, code: 'x', message: 'the broker gives none' };
        return Promise.reject(new StrikewireError(error));
      }
      expiresMs = clock.wallMs() + 24 * 60 * minuteMs;
      return Promise.resolve({ credentials: { token: 'token-anew' }, expiresMs });
    },
  });
});

beforeEach(async () => {
  asked = [];
  failure = undefined;
  hangs = undefined;
  expiresMs = null;
  await bench.clear();
  id = (await bench.accounts.add(newAccount('c1'), byPlatform)).id;
  bench.entries.length = 0;
  clock = createVirtualClock(startMs);
  keeper = new TokenKeeper({ clock, log: silentLog, accounts: bench.accounts });
});

afterEach(() => keeper.stop());
afterAll(() => bench?.stop());

const minutes = (): number[] => asked.map(({ minute }) => minute);

describe('a token', () => {
  it('is had anew an hour before it ends, once', async () => {
    expiresMs = startMs + 90 * minuteMs;
    keeper.start();
    await clock.advance(29 * minuteMs);
    expect(asked).toEqual([]);
    await clock.advance(60 * minuteMs);
    expect(asked).toEqual([{ minute: 30, token: 'token-of-c1' }]);
    await vi.waitFor(() => expect(bench.entries).toMatchObject([{
      action: 'account.token_renewed',
      after: { credentials: { token: '***' }, credentialsReplaced: true },
    }]), { timeout: 30_000 });
    await bench.accounts.test(id);
    expect(bench.behaviour.asked.at(-1)).toBe('token-anew');
  });

  it('is asked for again with growing pauses when the broker does not answer', async () => {
    expiresMs = startMs + 60 * minuteMs;
    failure = 'retryable';
    keeper.start();
    await clock.advance(80 * minuteMs);
    expect(minutes()).toEqual([1, 6, 16, 36, 66]);
  });

  it('is not asked for again once it was refused, until there is another one', async () => {
    expiresMs = startMs + 60 * minuteMs;
    failure = 'unauthenticated';
    keeper.start();
    await clock.advance(60 * minuteMs);
    expect(minutes()).toEqual([1]);
    expiresMs = startMs + 100 * minuteMs;
    await clock.advance(2 * minuteMs);
    expect(minutes()).toEqual([1, 61]);
  });

  it('is left alone while nobody says when it ends, or the account is off', async () => {
    keeper.start();
    await clock.advance(10 * minuteMs);
    expiresMs = startMs + 20 * minuteMs;
    await bench.accounts.change(id, { enabled: false }, byPlatform);
    await clock.advance(20 * minuteMs);
    expect(asked).toEqual([]);
  });

  it('that was refused is asked for once, whoever asks meanwhile', async () => {
    await Promise.all([keeper.renew(id), keeper.renew(id)]);
    expect(asked).toHaveLength(1);
    failure = 'unauthenticated';
    await expect(keeper.renew(id)).rejects.toThrow('the broker gives none');
  });

  it('is used at once though it cannot be stored', async () => {
    bench.isAway = true;
    await keeper.renew(id);
    await bench.accounts.test(id);
    expect([bench.behaviour.asked.at(-1), bench.entries]).toEqual(['token-anew', []]);
  });

  it('that was refused is asked for at once by other credentials, and once', async () => {
    expiresMs = startMs + 5 * 60 * minuteMs;
    failure = 'unauthenticated';
    keeper.start();
    await expect(keeper.renew(id)).rejects.toThrow('the broker gives none');
    await clock.advance(10 * minuteMs);
    expect(minutes()).toEqual([0]);
    const pin = async (text: string): Promise<void> => {
      await bench.accounts.change(id, { credentials: { pin: text } }, byPlatform);
      keeper.accountsChanged();
      await clock.advance(20 * minuteMs);
    };
    await pin('1111');
    expect(minutes()).toEqual([0, 10]);
    failure = undefined;
    await pin('2222');
    expect(minutes()).toEqual([0, 10, 30]);
    await clock.advance(60 * minuteMs);
    expect(asked).toHaveLength(3);
  });

  it('that a person has replaced is not asked for before its end', async () => {
    expiresMs = startMs + 5 * 60 * minuteMs;
    failure = 'unauthenticated';
    keeper.start();
    await expect(keeper.renew(id)).rejects.toThrow('the broker gives none');
    failure = undefined;
    expiresMs = startMs + 24 * 60 * minuteMs;
    await bench.accounts.change(id, { credentials: { token: 'of-a-person' } }, byPlatform);
    keeper.accountsChanged();
    await clock.advance(60 * minuteMs);
    expect(minutes()).toEqual([0]);
  });

  it('that was refused is not asked for again by the same credentials', async () => {
    failure = 'unauthenticated';
    await expect(keeper.renew(id)).rejects.toThrow('the broker gives none');
    await expect(keeper.renew(id)).rejects.toThrow('the broker gives none');
    expect(asked).toHaveLength(1);
    failure = undefined;
    await bench.accounts.change(id, { credentials: { pin: '1111' } }, byPlatform);
    await keeper.renew(id);
    expect(asked).toHaveLength(2);
  });

  it('that is granted during a stop is kept; one that does not come holds nothing up', async () => {
    hangs = new Promise((come) => (comes = come));
    const renewed = keeper.renew(id);
    const stopped = keeper.stop();
    comes({ credentials: { token: 'token-at-the-end' }, expiresMs: null });
    await stopped;
    expect(bench.entries).toMatchObject([{ action: 'account.token_renewed' }]);
    await renewed;
    hangs = new Promise(() => {});
    const never = keeper.renew(id).catch(() => 'given up');
    const again = keeper.stop().then(() => clock.monoMs());
    await clock.advance(30_000);
    expect([await again, await never]).toEqual([6_000, 'given up']);
  });

  it('that never comes is not waited for, and one that comes late is used', async () => {
    expiresMs = startMs + 30 * minuteMs;
    hangs = new Promise((come) => (comes = come));
    keeper.start();
    const renewed = keeper.renew(id).catch((error: unknown) => String(error));
    await clock.advance(30_000);
    expect(await renewed).toContain(
      'the request for a new token of Desk c1 was not answered within 30 s',
    );
    await clock.advance(7 * minuteMs);
    expect(asked.length).toBeGreaterThan(1);
    comes({ credentials: { token: 'token-late' }, expiresMs: null });
    await vi.waitFor(() => expect(bench.entries).toHaveLength(1), { timeout: 30_000 });
    await bench.accounts.test(id);
    expect(bench.behaviour.asked.at(-1)).toBe('token-late');
  });
});
