import { defaultAccount } from '@strikewire/simulator';
import { describe, expect, it } from 'vitest';
import { readSettings } from './settings';

describe('readSettings', () => {
  it('runs without any', () => {
    expect(readSettings({})).toMatchObject({
      SIMULATOR_PORT: 4000, SIM_CALENDAR: 'always', SIM_TICKS_PER_SECOND: 2000,
      SIM_CLIENT_ID: '1000000001', SIM_ACCESS_TOKEN: defaultAccount.token,
      SIM_SNAPSHOT_ON_SUBSCRIBE: true,
    });
  });

  it('reads texts as numbers and flags, and empty ones as unset', () => {
    const given = {
      SIMULATOR_PORT: '', SIM_SEED: '42', SIM_SNAPSHOT_ON_SUBSCRIBE: 'false', SIM_STOCKS: '0',
      OTHER: 'x',
    };
    expect(readSettings(given)).toMatchObject({
      SIMULATOR_PORT: 4000, SIM_SEED: 42, SIM_SNAPSHOT_ON_SUBSCRIBE: false, SIM_STOCKS: 0,
    });
  });

  it('takes accounts by number or by name', () => {
    expect(readSettings({}).SIM_ACCOUNTS).toBe(3);
    expect(readSettings({ SIM_ACCOUNTS: '2' }).SIM_ACCOUNTS).toBe(2);
    const named = '1000000001:first.token, 1000000002:second_token';
    expect(readSettings({ SIM_ACCOUNTS: named }).SIM_ACCOUNTS).toEqual([
      { clientId: '1000000001', token: 'first.token' },
      { clientId: '1000000002', token: 'second_token' },
    ]);
  });

  it.each([
    '0', '21', 'many', '1000000001', '1000000001:secret-one,', 'abc:secret-one',
    '1000000001:secret-one,1000000001:secret-two', '1000000001:secret-one,1000000002:secret-one',
  ])('refuses accounts "%s", and repeats no token', (SIM_ACCOUNTS) => {
    const read = (): unknown => readSettings({ SIM_ACCOUNTS });
    expect(read).toThrow(/SIM_ACCOUNTS: needs a number from 1 to 20, or/);
    expect(read).not.toThrow(/secret/);
  });

  it('names what is wrong', () => {
    const wrong = { SIMULATOR_PORT: 'http', SIM_CALENDAR: 'moon', SIM_UPSTOX_REDIRECT_URI: 'x' };
    const named = /SIMULATOR_PORT: .*; SIM_CALENDAR: .*; SIM_UPSTOX_REDIRECT_URI: /;
    expect(() => readSettings(wrong)).toThrow(named);
  });

  it('leaves room for the ports of all faces', () => {
    expect(readSettings({ SIMULATOR_PORT: '65533' }).SIMULATOR_PORT).toBe(65_533);
    expect(() => readSettings({ SIMULATOR_PORT: '65534' })).toThrow(/SIMULATOR_PORT/);
  });
});
