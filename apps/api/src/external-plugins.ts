import type { AnyBrokerPlugin } from '@strikewire/broker';
import { errorMessageOf, StrikewireError } from '@strikewire/runtime';
import { isMeantAsPlugin, pluginFault } from './plugin-shape';
import type { BrokerPlugins } from './plugins';

/** Of what a package exports. */
const namesShown = 8;

/** Imports a package by its name; resolves with what it exports. */
export type ImportPackage = (name: string) => Promise<Readonly<Record<string, unknown>>>;

/**
 * The brokers that are built in, then those of the packages that the settings name, in their order.
 * Rejects (`fatal`) with the package, what was found in it and what is needed.
 */
export async function loadPlugins(
  builtIn: BrokerPlugins,
  packages: readonly string[],
  importPackage: ImportPackage,
): Promise<BrokerPlugins> {
  const plugins: [AnyBrokerPlugin, ...AnyBrokerPlugin[]] = [...builtIn];
  for (const name of packages) {
    const plugin = await pluginOf(name, importPackage);
    refuseTaken(name, plugin, plugins);
    plugins.push(plugin);
  }
  return plugins;
}

async function pluginOf(name: string, importPackage: ImportPackage): Promise<AnyBrokerPlugin> {
  const exported = await importPackage(name).catch((error: unknown) => {
    throw unfit(name, `it cannot be imported: ${errorMessageOf(error)}`, error);
  });
  // The same constant may be exported under its name and as the default.
  const meant = [...new Set(Object.values(exported))].filter(isMeantAsPlugin);
  const [plugin] = meant;
  if (!plugin || meant.length > 1) {
    const all = Object.keys(exported);
    const more = all.length > namesShown ? ` and ${all.length - namesShown} more` : '';
    const names = `${all.slice(0, namesShown).join(', ') || 'nothing'}${more}`;
    const found = `${meant.length} broker plugins were found among its exports (${names})`;
    throw unfit(name, `${found}, and exactly one is needed`);
  }
  const fault = pluginFault(plugin);
  if (fault !== undefined) throw unfit(name, fault);
  return plugin as unknown as AnyBrokerPlugin;
}

function refuseTaken(
  name: string,
  plugin: AnyBrokerPlugin,
  others: readonly AnyBrokerPlugin[],
): void {
  const twin = others.find(({ id }) => id === plugin.id);
  if (twin) throw unfit(name, `its id ${plugin.id} is that of ${twin.label}: it needs another one`);
  for (const other of others) {
    const taken = new Set(variablesOf(other));
    const variable = variablesOf(plugin).find((one) => taken.has(one));
    if (variable === undefined) continue;
    throw unfit(name, `its variable ${variable} is one of ${other.label}: it needs another one`);
  }
}

function variablesOf({ environment }: AnyBrokerPlugin): string[] {
  const { credentials, endpoints, limits } = environment;
  const reading = limits === undefined ? [] : [limits];
  return [...Object.values(credentials), ...Object.values(endpoints), ...reading];
}

function unfit(name: string, why: string, cause?: unknown): StrikewireError {
  return new StrikewireError({
    kind: 'fatal',
    code: 'plugin_unfit',
    message: `STRIKEWIRE_PLUGINS: the package ${name} cannot be used: ${why}`,
    ...(cause !== undefined && { cause }),
  });
}
