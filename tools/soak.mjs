// @ts-check
// `npm run soak <name> [-- --seconds N]`: the built platform for a long time, or many times over.
import { runNamed } from './lib/run-named.mjs';

process.exitCode = await runNamed('soak', process.argv.slice(2));
