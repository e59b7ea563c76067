import type { RestClient } from '@strikewire/client';
import type { Underlyings } from '@strikewire/contracts';
import type { VirtualClock } from '@strikewire/runtime/virtual';
import { effectScope, shallowRef } from 'vue';
import { describe, expect, it } from 'vitest';
import { chainStateOf, servicesOf } from '../../testing';
import { chooseUnderlying, expiryAfter, useCatalogue, type Place } from './use-catalogue';

const missing = chainStateOf({ state: 'not_built', reason: 'empty' });
const built = chainStateOf({ expiry: '2026-12-01' });
const underlying = { symbol: 'NIFTY', state: 'built' } as Underlyings['underlyings'][number];
const known: Underlyings = {
  underlyings: [{ ...underlying, symbol: 'SENSEX', state: 'pending' }, underlying],
};

describe('completing an address', () => {
  it('takes the first built underlying and its nearest built chain, and remembers it', async () => {
    const rest = {
      underlyings: async () => known,
      expiries: async (symbol: string) => ({
        underlying: symbol,
        exchange: 'NSE',
        listed: [],
        fetchedAt: null,
        chains: [missing, built],
      }),
    } as unknown as RestClient;
    const services = servicesOf({ rest });
    const place = shallowRef<Place>({ underlying: null, expiry: null });
    const completed: unknown[] = [];
    const complete = (to: { underlying: string; expiry?: string }): void => {
      completed.push(to);
      place.value = { expiry: null, ...to };
    };
    const scope = effectScope();
    scope.run(() => useCatalogue(services, () => place.value, complete));
    await (services.clock as VirtualClock).advance(20);
    expect(completed).toEqual([
      { underlying: 'NIFTY' },
      { underlying: 'NIFTY', expiry: '2026-12-01' },
    ]);
    expect(services.memory.get('underlying')).toBe('NIFTY');
    scope.stop();
  });

  it('prefers the underlying looked at last, while it is listed', () => {
    expect(chooseUnderlying(known, 'SENSEX')).toBe('SENSEX');
    expect(chooseUnderlying(known, 'GONE')).toBe('NIFTY');
    expect(chooseUnderlying(null, 'SENSEX')).toBeUndefined();
  });

  it('goes round the expiries', () => {
    expect(expiryAfter([missing, built], missing.expiry)).toBe(built.expiry);
    expect(expiryAfter([missing, built], built.expiry)).toBe(missing.expiry);
    expect(expiryAfter([], null)).toBeUndefined();
  });
});
