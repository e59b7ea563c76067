/**
 * Resident memory of the API's process with the whole universe built, live at 2,000 ticks a
 * second, and watched. The goal is 350 MB at the most: a ratio above 1 is under it.
 */
import { reportBench } from '../../tools/bench/report';
import { setup } from '../../tools/services/postgres-setup';
import { UniverseRun } from '../support/universe-run';

const goalMb = 350;
const settleMs = 60_000;

const stopDatabase = await setup();
try {
  const run = await UniverseRun.start({ ticksPerSecond: 2_000, accounts: 3 });
  await new Promise((resolve) => setTimeout(resolve, settleMs));
  const { memoryMb } = await run.look();
  await run.stop();
  reportBench({ name: 'memory', unit: 'MB', value: memoryMb, baseline: goalMb });
} finally {
  await stopDatabase?.();
}
