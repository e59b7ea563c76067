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

  it('names what is wrong', () => {
    const wrong = { SIMULATOR_PORT: 'http', SIM_CALENDAR: 'moon' };
    expect(() => readSettings(wrong)).toThrow(/SIMULATOR_PORT: .*; SIM_CALENDAR: /);
  });
});
