// @ts-check
// `npm run campaign <name> [-- --seeds N --from N]`: thousands of random runs, each by its seed.
import { runNamed } from './lib/run-named.mjs';

process.exitCode = await runNamed('campaign', process.argv.slice(2));
