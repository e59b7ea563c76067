import {
  conformanceCases,
  reportText,
  runConformance,
  type ConformanceReport,
} from '@strikewire/broker/conformance';
import { beforeAll, describe, expect, it } from 'vitest';
import { createSimulatedHarness, type SimulatedBroker } from './simulated-harness';

/** One test per case; `skipped`: those that the plugin's declarations leave out, and no others. */
export function conformanceTests(broker: SimulatedBroker, skipped: readonly string[]): void {
  describe(`${broker.plugin.label} keeps the contract`, () => {
    let report: ConformanceReport;
    beforeAll(async () => {
      report = await runConformance(broker.plugin, createSimulatedHarness(broker));
      if (report.failed > 0) console.log(reportText(report));
    });
    it.each(conformanceCases)('$id $title', ({ id }) => {
      const result = report.results.find((one) => one.id === id);
      const isOfOrders = /^[JK]/.test(id);
      const isLeftOut = skipped.includes(id) || (isOfOrders && broker.account === undefined);
      const outcome = isLeftOut ? 'skipped' : 'passed';
      expect(result).toMatchObject({ outcome });
    });
  });
}
