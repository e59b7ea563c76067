// @ts-check
// `npm run rotate-master-key`: puts all stored secrets under a new master key, all or none. May be
// called again when it was cut short.
import { run } from './commands/run.mjs';

await run('commands/rotate-master-key-command.ts');
