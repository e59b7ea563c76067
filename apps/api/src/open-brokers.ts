import type { AnyBrokerPlugin } from '@strikewire/broker';
import { readBrokerSettings, type BrokerInUse, type Environment } from './environment';
import { loadPlugins, type ImportPackage, type LoadPluginsDeps } from './external-plugins';
import { brokerPlugins } from './plugins';

const importPackage: ImportPackage = (name) =>
  import(/* @vite-ignore */ name) as ReturnType<ImportPackage>;

/** The brokers that there are, and what is said of each package that the start goes on without. */
export interface OpenedBrokers {
  brokers: readonly [BrokerInUse, ...BrokerInUse[]];
  leftOut: readonly string[];
}

/**
 * All brokers, each with what its variables say; what is wrong with one ends the start, but for a
 * package whose import hangs.
 */
export async function openBrokers(
  { environment: { STRIKEWIRE_PLUGINS: packages }, clock, log }: Omit<
    LoadPluginsDeps, 'importPackage'
  > & { environment: Pick<Environment, 'STRIKEWIRE_PLUGINS'> },
  variables: Readonly<Record<string, string | undefined>>,
): Promise<OpenedBrokers> {
  const deps = { clock, log, importPackage };
  const { plugins: [first, ...others], leftOut } = await loadPlugins(brokerPlugins, packages, deps);
  const inUse = (plugin: AnyBrokerPlugin): BrokerInUse => ({
    plugin, settings: readBrokerSettings(plugin, variables),
  });
  return { brokers: [inUse(first), ...others.map(inUse)], leftOut };
}
