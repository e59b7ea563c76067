import { dhanBroker } from '@strikewire/broker-dhan';
import { defaultAccount } from '@strikewire/simulator';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAdapterBench, type AdapterBench } from './adapter-bench';

const host = 'dhan.test';
const credentials = { clientId: defaultAccount.clientId, accessToken: defaultAccount.token };
const nowMs = Date.parse('2026-11-24T04:30:00Z');
const dayMs = 86_400_000;

let bench: AdapterBench;

beforeEach(() => {
  bench = createAdapterBench({
    plugin: dhanBroker,
    face: 'dhan',
    host,
    credentials,
    endpoints: {
      rest: `http://${host}/v2`,
      feed: `ws://${host}`,
      auth: `http://${host}`,
      master: `http://${host}/api-data/api-scrip-master-detailed.csv`,
    },
  });
});

afterEach(() => bench.simulator.stop());

const renew = async () => bench.ask(bench.instance.auth!.renew!());

describe('a token of Dhan', () => {
  it('is renewed for a day: the new one is good, the one before is dead', async () => {
    const grant = await renew();
    expect(Math.abs((grant.expiresMs ?? 0) - (nowMs + dayMs))).toBeLessThan(5_000);
    const other = bench.other({ ...credentials, ...grant.credentials });
    expect(other.auth?.expiresMs()).toBe(grant.expiresMs);
    expect(await bench.ask(other.check())).toMatchObject({ hasMarketData: true });
    await expect(bench.ask(bench.instance.check())).rejects.toMatchObject({
      kind: 'unauthenticated',
    });
    expect(bench.simulator.violations()).toMatchObject({ total: 0 });
  });

  it('is not to be renewed when it is dead: that needs a person', async () => {
    bench.simulator.faults.add({ kind: 'expireToken' });
    await expect(renew()).rejects.toMatchObject({ kind: 'unauthenticated' });
  });

  it('is had by PIN and TOTP when it is dead, again and again', async () => {
    const { pin, totpSecret } = defaultAccount;
    const whole = { ...credentials, pin: pin!, totpSecret: totpSecret! };
    bench.simulator.faults.add({ kind: 'expireToken' });
    const grant = await bench.ask(bench.other(whole).auth!.renew!());
    expect(Math.abs((grant.expiresMs ?? 0) - (nowMs + dayMs))).toBeLessThan(5_000);
    const other = bench.other({ ...whole, ...grant.credentials });
    expect(await bench.ask(other.check())).toMatchObject({ hasMarketData: true });
    // One of this kind does not renew itself: the next one comes by the next code.
    await bench.clock.advance(30_000);
    const next = await bench.ask(other.auth!.renew!());
    expect(next.credentials).not.toEqual(grant.credentials);
    await expect(bench.ask(other.check())).rejects.toMatchObject({ kind: 'unauthenticated' });
    expect(bench.simulator.violations()).toMatchObject({ total: 0 });
  });

  it.each([{ pin: '000000' }, { totpSecret: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567' }])(
    'is not had by what is wrong, which is not repeated: %o',
    async (wrong) => {
      const { pin, totpSecret } = defaultAccount;
      const whole = { ...credentials, pin: pin!, totpSecret: totpSecret!, ...wrong };
      bench.simulator.faults.add({ kind: 'expireToken' });
      const asked = bench.ask(bench.other(whole).auth!.renew!());
      const error: unknown = await asked.catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ kind: 'unauthenticated' });
      expect(String(error)).not.toContain(whole.pin);
    },
  );
});
