import { StrikewireError, type ErrorKind } from '@strikewire/runtime';
import { createVirtualClock, type VirtualClock } from '@strikewire/runtime/virtual';
import { beforeEach, describe, expect, it } from 'vitest';
import { TradingDoubt } from './trading-doubt';

const takesMs = 2_000;
let clock: VirtualClock;
let doubt: TradingDoubt;
let told: string[];
let checks: number;
/** What the check comes to; undefined: an answer. */
let failure: ErrorKind | undefined;

beforeEach(() => {
  clock = createVirtualClock(0);
  told = [];
  checks = 0;
  failure = undefined;
  doubt = new TradingDoubt({
    clock,
    check: () => {
      checks++;
      return new Promise((resolve, reject) => {
        clock.after(takesMs, () => {
          if (!failure) return resolve(undefined);
          reject(new StrikewireError({ kind: failure, code: 'x', message: 'check says no' }));
        });
      });
    },
    accountRefused: ({ kind, why }) => void told.push(`account ${kind}: ${why}`),
    tradingRefused: (by, why) => void told.push(`${by}: ${why}`),
  });
});

const refuse = (by = 'orders', kind: 'auth' | 'parked' = 'auth'): void =>
  doubt.refused(by, { kind, why: 'wrong address' });

describe('a refusal of trading', () => {
  it('is told as that alone when the account answers', async () => {
    refuse();
    expect(told).toEqual([]);
    await clock.advance(takesMs);
    expect([told, checks]).toEqual([['orders: wrong address'], 1]);
  });

  it.each([
    ['unauthenticated', 'account auth: check says no'],
    ['fatal', 'account parked: check says no'],
    ['retryable', 'orders: wrong address'],
    ['throttled', 'orders: wrong address'],
  ] as const)('by an account whose check fails as %s is told as %s', async (kind, expected) => {
    failure = kind;
    refuse();
    await clock.advance(takesMs);
    expect(told).toEqual([expected]);
  });

  it('has the account asked once at a time, and once a minute at most', async () => {
    for (let at = 0; at < 600; at++) {
      refuse(at % 2 ? 'funds' : 'orders');
      await clock.advance(1_000);
    }
    expect(checks).toBe(10);
    expect(told.every((one) => !one.startsWith('account'))).toBe(true);
  });

  it('is told by the last one that came while the account was asked', async () => {
    refuse('orders');
    refuse('funds');
    await clock.advance(takesMs);
    expect([told, checks]).toEqual([['funds: wrong address'], 1]);
  });

  it('of an account that is refused as a whole asks nothing until it answers', async () => {
    failure = 'unauthenticated';
    for (let minute = 0; minute < 10; minute++) {
      refuse();
      await clock.advance(60_000);
    }
    expect([told, checks]).toEqual([['account auth: check says no'], 1]);
    doubt.answered();
    failure = undefined;
    refuse();
    await clock.advance(takesMs);
    expect([told.slice(1), checks]).toEqual([['orders: wrong address'], 2]);
  });

  it('that is not about the token asks nobody', async () => {
    refuse('margin', 'parked');
    await clock.advance(takesMs);
    expect([told, checks]).toEqual([['margin: wrong address'], 0]);
  });
});
