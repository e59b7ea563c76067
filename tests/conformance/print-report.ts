import { reportText, resultLine, runConformance } from '@strikewire/broker/conformance';
import { simulatedBrokers } from './brokers';
import { createSimulatedHarness } from './simulated-harness';

const brokers = new Map(Object.entries(simulatedBrokers));
const known = [...brokers.keys()];
const [named, ...only] = process.argv.slice(2);
const ids = named === undefined ? known : [named];
for (const id of ids) {
  const broker = brokers.get(id);
  if (!broker) throw new Error(`no plugin is named "${id}"; there are: ${known.join(', ')}`);
  console.log(`\n${broker.plugin.label}`);
  const report = await runConformance(broker.plugin, createSimulatedHarness(broker), {
    ...(only.length > 0 && { only }),
    log: (result) => console.log(resultLine(result)),
  });
  console.log(reportText({ ...report, results: [] }));
  if (report.failed > 0) process.exitCode = 1;
}
// Timers of the simulated market are virtual: nothing keeps the process alive.
