import type { AnyBrokerPlugin } from '@strikewire/broker';
import { errorMessageOf, inTime, StrikewireError, type Clock, type Log } from '@strikewire/runtime';
import { isMeantAsPlugin, pluginFault } from './plugin-shape';
import type { BrokerPlugins } from './plugins';

/** Of what a package exports. */
const namesShown = 8;
/** A package that takes longer to be imported hangs: the platform starts without it. */
const importMs = 10_000;

/** What a package exports, by name. */
type Exported = Readonly<Record<string, unknown>>;

/** Imports a package by its name; resolves with what it exports. */
export type ImportPackage = (name: string) => Promise<Exported>;

/** What packages are imported with. */
export interface LoadPluginsDeps {
  clock: Pick<Clock, 'after'>;
  log: Log;
  importPackage: ImportPackage;
}

/** The brokers that there are, and what is said of each package that the start goes on without. */
export interface LoadedPlugins {
  plugins: BrokerPlugins;
  leftOut: readonly string[];
}

/**
 * The brokers that are built in, then those of the packages that the settings name, in their order.
 * All are imported at the same time, and one that takes longer than 10 s is left out. Rejects
 * (`fatal`) with the package, what was found in it and what is needed.
 */
export async function loadPlugins(
  builtIn: BrokerPlugins,
  packages: readonly string[],
  deps: LoadPluginsDeps,
): Promise<LoadedPlugins> {
  const plugins: [AnyBrokerPlugin, ...AnyBrokerPlugin[]] = [...builtIn];
  const leftOut: string[] = [];
  const imports = await Promise.all(packages.map((name) => importOf(name, deps)));
  packages.forEach((name, index) => {
    const imported = imports[index];
    if (!imported) return void leftOut.push(whyUnfit(name, hangs));
    const plugin = pluginOf(name, imported);
    refuseTaken(name, plugin, plugins);
    plugins.push(plugin);
  });
  return { plugins, leftOut };
}

const hangs = `its import has not ended within ${importMs / 1_000} s`;

/** How an import has ended. */
type Imported = { exported: Exported } | { error: unknown };

/** Undefined when it has not ended in time: what comes after that is not used. */
async function importOf(
  name: string,
  { clock, log, importPackage }: LoadPluginsDeps,
): Promise<Imported | undefined> {
  const ended = (): Promise<Imported> =>
    importPackage(name).then((exported) => ({ exported }), (error: unknown) => ({ error }));
  const late = (): void =>
    log.warn('the import of a package has ended too late', { package: name });
  const deadline = { clock, what: `the import of ${name}`, withinMs: importMs };
  try {
    return await inTime(deadline, ended, late);
  } catch {
    log.error('a package is left out', { package: name, reason: whyUnfit(name, hangs) });
    return undefined;
  }
}

function pluginOf(name: string, imported: Imported): AnyBrokerPlugin {
  if ('error' in imported) {
    const { error } = imported;
    throw unfit(name, `it cannot be imported: ${errorMessageOf(error)}`, error);
  }
  const { exported } = imported;
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
    message: whyUnfit(name, why),
    ...(cause !== undefined && { cause }),
  });
}

function whyUnfit(name: string, why: string): string {
  return `STRIKEWIRE_PLUGINS: the package ${name} cannot be used: ${why}`;
}
