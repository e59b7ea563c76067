import type { AnyBrokerPlugin, BrokerDeps, BrokerInstance } from '@strikewire/broker';
import { dhanBroker } from '@strikewire/broker-dhan';
import {
  runConformance, type CaseResult, type ConformanceHarness,
} from '@strikewire/broker/conformance';
import { simulatedBrokers } from './brokers';
import { createSimulatedHarness } from './simulated-harness';

/** What is wrong with it. */
export type Change = (instance: BrokerInstance, deps: BrokerDeps) => Partial<BrokerInstance>;

/** A plugin that is good but for one thing. */
export function brokenBy(change: Change, declared: Partial<AnyBrokerPlugin> = {}): AnyBrokerPlugin {
  const whole: AnyBrokerPlugin = dhanBroker;
  return {
    ...whole,
    ...declared,
    create(config: never, deps: BrokerDeps) {
      const instance = whole.create(config, deps);
      return { ...instance, ...change(instance, deps) };
    },
  };
}

/** How some cases end before the simulated broker. */
export async function resultsOf(
  plugin: AnyBrokerPlugin,
  only: readonly string[],
  change: (harness: ConformanceHarness) => Partial<ConformanceHarness> = () => ({}),
): Promise<CaseResult[]> {
  const harness = createSimulatedHarness({ ...simulatedBrokers.dhan, plugin });
  const changed = { ...harness, ...change(harness) };
  return [...(await runConformance(plugin, changed, { only })).results];
}
