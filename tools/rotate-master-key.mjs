// @ts-check
// `npm run rotate-master-key`: puts all stored secrets under a new master key, all or none. May be
// called again when it was cut short.
import { run } from './backup/run.mjs';

await run('backup/rotate-master-key-command.ts');
