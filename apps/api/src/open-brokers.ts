import type { AnyBrokerPlugin } from '@strikewire/broker';
import { readBrokerSettings, type BrokerInUse, type Environment } from './environment';
import { loadPlugins, type ImportPackage } from './external-plugins';
import { brokerPlugins } from './plugins';

const importPackage: ImportPackage = (name) =>
  import(/* @vite-ignore */ name) as ReturnType<ImportPackage>;

/** All brokers, each with what its variables say; what is wrong with one ends the start. */
export async function openBrokers(
  { STRIKEWIRE_PLUGINS: packages }: Pick<Environment, 'STRIKEWIRE_PLUGINS'>,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<readonly [BrokerInUse, ...BrokerInUse[]]> {
  const [first, ...others] = await loadPlugins(brokerPlugins, packages, importPackage);
  const inUse = (plugin: AnyBrokerPlugin): BrokerInUse => ({
    plugin, settings: readBrokerSettings(plugin, variables),
  });
  return [inUse(first), ...others.map(inUse)];
}
