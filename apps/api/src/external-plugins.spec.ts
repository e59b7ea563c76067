import { silentLog } from '@strikewire/runtime';
import { createVirtualClock } from '@strikewire/runtime/virtual';
import { describe, expect, it } from 'vitest';
import { readEnvironment } from './environment';
import { loadPlugins, type LoadedPlugins } from './external-plugins';
import { pluginFault } from './plugin-shape';
import { brokerPlugins } from './plugins';

const [first, second] = brokerPlugins;

/** A broker of somebody else: as ours in shape, with names of its own. */
const example = {
  ...first,
  id: 'example',
  label: 'Example',
  environment: {
    credentials: Object.fromEntries(
      Object.keys(first.environment.credentials).map((name) => [name, `EXAMPLE_${name.length}`]),
    ),
    endpoints: Object.fromEntries(
      Object.keys(first.endpoints).map((name, index) => [name, `EXAMPLE_URL_${index}`]),
    ),
  },
};

const builtIn = brokerPlugins.map(({ id }) => id);

async function load(exported: Record<string, unknown> | Error, name = 'of-somebody') {
  const importPackage = () =>
    exported instanceof Error ? Promise.reject(exported) : Promise.resolve(exported);
  const deps = { clock: createVirtualClock(0), log: silentLog, importPackage };
  const { plugins, leftOut } = await loadPlugins(brokerPlugins, [name], deps);
  expect(leftOut).toEqual([]);
  return plugins.map(({ id }) => id);
}

describe('packages of brokers', () => {
  it('come after the brokers that are built in, in their order', async () => {
    expect(new Set(builtIn).size).toBe(3);
    const importPackage = () => Promise.reject(new Error('no'));
    const deps = { clock: createVirtualClock(0), log: silentLog, importPackage };
    expect((await loadPlugins(brokerPlugins, [], deps)).plugins).toEqual([...brokerPlugins]);
    expect(await load({ exampleBroker: example, version: '1' })).toEqual([...builtIn, 'example']);
    // Once under its name, once as the default.
    expect(await load({ exampleBroker: example, default: example })).toHaveLength(4);
  });

  it.each([
    ['cannot be imported', new Error('no such package'), 'it cannot be imported: no such package'],
    ['export nothing', {}, '0 broker plugins were found among its exports (nothing)'],
    ['export none', { a: 1, b: null }, '0 broker plugins were found among its exports (a, b)'],
    ['export two', { a: example, b: { ...example, id: 'more' } }, '2 broker plugins were found'],
    ['are of another version', { a: { ...example, contract: 2 } },
      'its contract is 2, and this platform needs 1'],
    ['have an odd id', { a: { ...example, id: 'Example!' } }, 'id: needs lower case'],
    ['make nothing', { a: { ...example, create: 'x' } }, 'create: needs a function'],
    ['have no form', { a: { ...example, credentials: {} } }, 'credentials: needs a flat object'],
    ['have no limits', { a: { ...example, limits: { rest: first.limits.rest } } }, 'limits.feed'],
    ['name no variables', { a: { ...example, environment: { credentials: {}, endpoints: {} } } },
      'environment names no variable of rest'],
    ['are there already', { a: { ...example, id: second?.id } },
      `its id ${second?.id} is that of ${second?.label}`],
    ['read what is another\'s', { a: { ...example, environment: first.environment } },
      `is one of ${first.label}`],
  ])('that %s end the start, and it says why', async (_what, exported, why) => {
    const started = load(exported);
    await expect(started).rejects.toMatchObject({ kind: 'fatal', code: 'plugin_unfit' });
    await expect(started).rejects.toThrow(
      `STRIKEWIRE_PLUGINS: the package of-somebody cannot be used: ${why}`.slice(0, 60),
    );
    await expect(started).rejects.toThrow(why);
  });

  it('that hang are left out after 10 s in all, and not used when they end late', async () => {
    const clock = createVirtualClock(0);
    const lines: string[] = [];
    const say = (message: string, fields?: object) =>
      void lines.push(`${message} ${JSON.stringify(fields)}`);
    const log = { ...silentLog, warn: say, error: say };
    const late: ((exported: Record<string, unknown>) => void)[] = [];
    let loaded: LoadedPlugins | undefined;
    const importPackage = (name: string) =>
      name === 'well'
        ? Promise.resolve({ example })
        : new Promise<Record<string, unknown>>((resolve) => late.push(resolve));
    void loadPlugins(brokerPlugins, ['hangs', 'well', 'hangs-too'], { clock, log, importPackage })
      .then((all) => (loaded = all));
    await clock.advance(9_999);
    expect(loaded).toBeUndefined();
    await clock.advance(1);
    expect(loaded?.plugins.map(({ id }) => id)).toEqual([...builtIn, 'example']);
    const why = (name: string) =>
      `STRIKEWIRE_PLUGINS: the package ${name} cannot be used: ` +
      'its import has not ended within 10 s';
    expect(loaded?.leftOut).toEqual([why('hangs'), why('hangs-too')]);
    expect(lines).toEqual([expect.stringContaining(why('hangs')),
      expect.stringContaining(why('hangs-too'))]);
    late[1]?.({ example: { ...example, id: 'late' } });
    await clock.advance(1);
    expect(lines[2]).toContain('too late {"package":"hangs-too"}');
    expect(loaded?.plugins).toHaveLength(4);
  });

  it.each([
    ['socketsMax', 0, 'from 1 to 16, and is 0'],
    // Their numbers would be those of another account's.
    ['socketsMax', 17, 'from 1 to 16, and is 17'],
    ['socketsMax', NaN, 'and is NaN'],
    ['socketsPlanned', 1.5, 'and is 1.5'],
    ['socketsPlanned', 16, 'at most socketsMax'],
    ['instrumentsPerSocketMax', Infinity, 'and is Infinity'],
    ['instrumentsPerSocketMax', undefined, 'and is not there'],
    ['instrumentsPerMessageMax', '100', 'and is a string'],
    ['instrumentsPerMessageMax', -1, 'and is -1'],
    ['lingerMs', undefined, 'from 0 to 600000, and is not there'],
    ['throttledWaitMs', 0, 'from 1000 to 3600000, and is 0'],
    ['silentMs', 1, 'from 1000 to 600000, and is 1'],
  ])('whose feed has %s %s end the start by its name', async (name, value, needed) => {
    const feed = { ...example.limits.feed, [name]: value };
    const limits = { ...example.limits, feed };
    await expect(load({ a: { ...example, limits } })).rejects.toThrow(
      new RegExp(`limits\\.feed\\.${name}: needs .*${needed}`),
    );
  });

  it.each([
    [{ limits: { ...example.limits, rest: [] } }, 'limits.rest: needs at least one rule'],
    [{ limits: { ...example.limits, rest: [{ class: 'chain', limit: 0, windowMs: 1_000 }] } },
      'limits.rest.0.limit: needs a whole number from 1 to 10000000, and is 0'],
    [{ limits: { ...example.limits, rest: [{ class: 'chain', limit: 1, windowMs: NaN }] } },
      'limits.rest.0.windowMs: needs a whole number'],
    [{ limitReadings: { flat: { rest: example.limits.rest } } }, 'limitReadings.flat.feed'],
    [{ capabilities: { ...example.capabilities, exchanges: ['NSE'], chainExchanges: ['MCX'] } },
      'capabilities.chainExchanges: needs exchanges that its feed carries as well'],
    [{ capabilities: { ...example.capabilities, depthLevels: 3 } },
      'capabilities.depthLevels: needs one of 0, 1, 5, 20'],
  ])('that declare what cannot be end the start: %#', async (wrong, needed) => {
    await expect(load({ a: { ...example, ...wrong } })).rejects.toThrow(needed);
  });

  it('that are built in declare what is asked of others', () => {
    for (const plugin of brokerPlugins) expect(pluginFault(plugin)).toBeUndefined();
  });

  it('are named as npm names them, no path and no address', () => {
    const named = (names: string) =>
      readEnvironment({ STRIKEWIRE_PLUGINS: names }).STRIKEWIRE_PLUGINS;
    expect(named('')).toEqual([]);
    expect(named(' broker-example, @desk/broker ')).toEqual(['broker-example', '@desk/broker']);
    for (const odd of ['./plugin.js', '/tmp/x', 'file:///x', 'https://x', '../x', 'A B', '@x']) {
      expect(() => named(odd)).toThrow('STRIKEWIRE_PLUGINS');
    }
    const many = Array.from({ length: 21 }, (_, index) => `p${index}`).join();
    expect(() => named(many)).toThrow('at most 20');
  });
});
