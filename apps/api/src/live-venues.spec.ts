import type { DataAccount } from '@strikewire/broker/engine';
import type { Account } from '@strikewire/contracts';
import type { ContractFacts } from '@strikewire/option-chain/engine';
import { createSeededRandom, silentLog } from '@strikewire/runtime';
import { createVirtualClock } from '@strikewire/runtime/virtual';
import { describe, expect, it } from 'vitest';
import { LiveVenues } from './live-venues';

const limits = {
  perSecond: 10, perMinute: null, perHour: null, perDay: null, modificationsPerOrder: null,
};
const account = {
  id: 'acc-1', broker: 'one', label: 'Main', enabled: true, state: 'in_use', stateReason: null,
  traders: [{ id: 'u1', username: 'asha' }],
} as unknown as Account;
const on = {
  id: 'acc-1', broker: 'one', label: 'Main', limits: { orders: limits },
  instance: { orders: {} },
} as unknown as DataAccount;

function venuesOf(accounts: Account[], data: DataAccount[]): LiveVenues {
  return new LiveVenues({
    clock: createVirtualClock(0), random: createSeededRandom(1), log: silentLog,
    openSocket: () => { throw new Error('nothing is opened here'); },
    contracts: { tokenOf: () => undefined, keyOf: () => undefined },
    accounts: () => accounts,
    data: () => data,
    limitsOf: (broker) => (broker === 'one' ? limits : undefined),
  });
}

describe('an account of a broker', () => {
  it('is sent no order of a commodity, whose quantities brokers count in lots', () => {
    const [venue] = venuesOf([account], [on]).all();
    const facts = { exchange: 'NSE', lotSize: 65 } as ContractFacts;
    expect(venue?.refuses?.(facts)).toBeNull();
    expect(venue?.refuses?.({ ...facts, exchange: 'MCX', lotSize: 100 }))
      .toContain('brokers count commodities in lots, of 100 units here');
  });
});

describe('an account that is switched off', () => {
  const off: Account = { ...account, state: 'off', enabled: false };

  it('is a venue that says so, with its traders, and asks nobody anything', async () => {
    const [venue] = venuesOf([off], []).all();
    expect(venue).toMatchObject({ account: 'acc-1', label: 'Main', traders: ['u1'] });
    expect([venue?.closedBecause(), venue?.unreachable?.()])
      .toEqual(['Main is switched off', 'Main is switched off']);
    const refused = { kind: 'denied', code: 'account_off', reason: 'Main is switched off' };
    expect(await venue?.orders.cancel('b1')).toEqual(refused);
    await expect(venue?.orders.orders()).rejects.toMatchObject({ code: 'account_off' });
  });

  it('says otherwise while it is on and has no connection yet', () => {
    const [venue] = venuesOf([{ ...off, enabled: true }], []).all();
    expect(venue?.unreachable?.()).toBe('Main is not connected');
  });

  it('is another venue once it is on again, and the same as long as it is off', () => {
    const accounts = [account];
    const data = [on];
    const venues = venuesOf(accounts, data);
    const [first] = venues.all();
    expect(first?.unreachable?.() ?? null).toBeNull();
    accounts[0] = off;
    data.length = 0;
    const [second] = venues.all();
    expect(second).not.toBe(first);
    expect(venues.all()[0]).toBe(second);
    accounts[0] = account;
    data.push(on);
    const [third] = venues.all();
    expect(third?.unreachable?.() ?? null).toBeNull();
  });

  it('is none when its broker takes no orders', () => {
    expect(venuesOf([{ ...off, broker: 'other' }], []).all()).toEqual([]);
  });
});
