// @ts-check
// `npm run verify`: lint, types, import circles, build and all tests, whatever the arguments.
import { checkNodeVersion } from './lib/node-version.mjs';
import { runAll } from './test/run-all.mjs';

checkNodeVersion();
process.exitCode = await runAll([]);
