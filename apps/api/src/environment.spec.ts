import { isAbsolute } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pricingConvention, readBrokerSettings, readEnvironment } from './environment';
import { brokerPlugins } from './plugins';

const [plugin] = brokerPlugins;
const given = {
  DHAN_CLIENT_ID: '1000000001',
  DHAN_ACCESS_TOKEN: 'eyJhbGciOiJIUzUxMiJ9.S3CR3T',
};

/** The message of what a call throws. */
function refusal(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was refused');
}

describe('readEnvironment', () => {
  it('needs nothing: every setting has a default', () => {
    const environment = readEnvironment({});
    expect(environment).toMatchObject({
      PORT: 3000,
      STRIKEWIRE_CALENDAR: 'always',
      STRIKEWIRE_UNIVERSE: 'full',
      STRIKEWIRE_LOG_LEVEL: 'info',
    });
    expect(environment.DATABASE_URL).toBeUndefined();
    expect(isAbsolute(environment.STRIKEWIRE_STATE_DIR)).toBe(true);
  });

  it('takes what is set, and an empty variable for one that is not', () => {
    const environment = readEnvironment({
      PORT: '0',
      DATABASE_URL: 'postgres://u:p@127.0.0.1:5432/x',
      STRIKEWIRE_CALENDAR: '',
      STRIKEWIRE_LOG_LEVEL: 'warn',
      UNRELATED: 'x',
    });
    expect(environment).toMatchObject({
      PORT: 0,
      DATABASE_URL: 'postgres://u:p@127.0.0.1:5432/x',
      STRIKEWIRE_CALENDAR: 'always',
      STRIKEWIRE_LOG_LEVEL: 'warn',
    });
    expect(environment).not.toHaveProperty('UNRELATED');
  });

  it.each([
    ['PORT', 'SECRET-80'],
    ['PORT', '70000'],
    ['PORT', '-1'],
    ['PORT', '30.5'],
    ['DATABASE_URL', 'mysql://u:SECRET-p@h/x'],
    ['DATABASE_URL', 'SECRET'],
    ['STRIKEWIRE_CALENDAR', 'SECRET'],
    ['STRIKEWIRE_UNIVERSE', 'SECRET'],
    ['STRIKEWIRE_LOG_LEVEL', 'SECRET'],
  ])('names %s and never its value', (name, value) => {
    const message = refusal(() => readEnvironment({ [name]: value }));
    expect(message).toContain(`${name}: `);
    expect(message).not.toContain('SECRET');
    expect(message).not.toContain(value);
  });

  it('names everything that is wrong at once', () => {
    const message = refusal(() => readEnvironment({ PORT: 'x', STRIKEWIRE_CALENDAR: 'y' }));
    expect(message).toMatch(/PORT: .*\n.*STRIKEWIRE_CALENDAR: /);
  });
});

describe('readBrokerSettings', () => {
  it('takes credentials, and the broker\'s own hosts unless others are set', () => {
    const usual = readBrokerSettings(plugin, given);
    expect(usual.endpoints).toEqual(plugin.endpoints);
    expect(usual.credentials).toEqual({
      clientId: given.DHAN_CLIENT_ID,
      accessToken: given.DHAN_ACCESS_TOKEN,
    });
    const local = 'http://127.0.0.1:4010/v2';
    const { endpoints } = readBrokerSettings(plugin, { ...given, DHAN_REST_URL: local });
    expect(endpoints).toEqual({ ...plugin.endpoints, rest: local });
  });

  it('takes no account when none is named, and names what is missing of one that is', () => {
    expect(readBrokerSettings(plugin, {}).credentials).toBeUndefined();
    const { DHAN_CLIENT_ID } = given;
    const message = refusal(() => readBrokerSettings(plugin, { DHAN_CLIENT_ID }));
    expect(message).toContain('DHAN_ACCESS_TOKEN: needs a value');
    expect(message).not.toContain('DHAN_CLIENT_ID');
  });

  it.each([
    ['DHAN_CLIENT_ID', 'S3CR3T'],
    ['DHAN_ACCESS_TOKEN', 'S3CR3T'],
    ['DHAN_ACCESS_TOKEN', ''],
    ['DHAN_FEED_URL', 'S3CR3T'],
  ])('names a malformed %s and never a value', (name, value) => {
    const message = refusal(() => readBrokerSettings(plugin, { ...given, [name]: value }));
    expect(message).toContain(`${name}: needs`);
    expect(message).not.toContain('S3CR3T');
    expect(message).not.toContain(given.DHAN_ACCESS_TOKEN);
  });

  it('takes the plugin\'s limits, or the reading of them that is named', () => {
    const limitsOf = (DHAN_CHAIN_RULE: string) =>
      readBrokerSettings(plugin, { DHAN_CHAIN_RULE }).limits;
    expect(readBrokerSettings(plugin, {}).limits).toBe(plugin.limits);
    expect([limitsOf(''), limitsOf('per_key')]).toEqual([plugin.limits, plugin.limits]);
    const chains = limitsOf('flat').rest.filter((rule) => rule.class === 'chain');
    expect(chains).toEqual([
      { class: 'chain', limit: 1, windowMs: 3_100 },
      { class: 'chain', limit: 100_000, windowMs: 86_400_000 },
    ]);
    for (const other of ['S3CR3T', 'toString', 'FLAT']) {
      const message = refusal(() => limitsOf(other));
      expect(message).toBe('DHAN_CHAIN_RULE: needs one of per_key, flat');
    }
  });

  it('has a variable for every credential and host of every plugin, and no two alike', () => {
    for (const { credentials, endpoints, environment } of brokerPlugins) {
      const missing = credentials.safeParse({}).error?.issues.map(({ path }) => path.join('.'));
      expect(Object.keys(environment.credentials)).toEqual(expect.arrayContaining(missing ?? []));
      expect(Object.keys(environment.endpoints)).toEqual(Object.keys(endpoints));
    }
    const names = brokerPlugins.flatMap(({ environment }) => [
      ...Object.values(environment.credentials),
      ...Object.values(environment.endpoints),
      ...(environment.limits === undefined ? [] : [environment.limits]),
    ]);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('pricingConvention', () => {

  it('is a preset by its name, or the broker\'s own', () => {
    const named = (name: string) =>
      pricingConvention(readEnvironment({ STRIKEWIRE_PRICING: name }), plugin);
    expect(named('')).toMatchObject({ name: 'calendar365', model: 'black76', rate: 0 });
    expect(named('spot10')).toMatchObject({ name: 'spot10', model: 'spot', rate: 0.1 });
    expect(named('broker')).toBe(plugin.screenConvention);
  });

  it('refuses the convention of a broker that declares none', () => {
    const silent = { ...plugin };
    delete silent.screenConvention;
    const environment = readEnvironment({ STRIKEWIRE_PRICING: 'broker' });
    expect(() => pricingConvention(environment, silent)).toThrow(/STRIKEWIRE_PRICING.*Dhan/);
  });
});
