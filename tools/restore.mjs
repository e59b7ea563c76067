// @ts-check
// `npm run restore -- <file> [--replace]`: puts a backup in place of what the database holds, all
// of it or nothing. The platform must be stopped.
import { run } from './commands/run.mjs';

await run('commands/restore-command.ts');
