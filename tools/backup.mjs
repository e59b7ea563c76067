// @ts-check
// `npm run backup -- [file]`: writes everything that must be kept into one file, also while the
// platform runs. Secrets in it stay sealed; the master key is not in it.
import { run } from './commands/run.mjs';

await run('commands/back-up-command.ts');
