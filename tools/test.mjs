// @ts-check
// `npm test`: everything a change must pass. With arguments, only the tests that they select:
//   npm test -- --project unit libs/market-data
import { checkNodeVersion } from './lib/node-version.mjs';
import { runAll } from './test/run-all.mjs';

checkNodeVersion();
process.exitCode = await runAll(process.argv.slice(2));
