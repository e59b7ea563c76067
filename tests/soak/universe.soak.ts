/**
 * `npm run soak universe`: every underlying over three accounts, 20,000 ticks a second, for ten
 * real minutes (`--seconds N` for another time). Prints a line every ten seconds, and ends with an
 * error when a limit was broken, a chain grew too old, a contract was lost, a price was wrong, or
 * memory went on growing.
 */
import { setup } from '../../tools/services/postgres-setup';
import { soakUniverse } from './soak-universe';

const at = process.argv.indexOf('--seconds');
const seconds = at < 0 ? 600 : Number(process.argv[at + 1]);
if (!Number.isFinite(seconds) || seconds < 10) throw new Error('--seconds needs a number from 10');
const stopDatabase = await setup();
try {
  const report = await soakUniverse({ seconds, tell: (line) => console.log(line) });
  for (const line of report.wrong) console.error(line);
  process.exitCode = report.wrong.length > 0 ? 1 : 0;
} finally {
  await stopDatabase?.();
}
