// @ts-check
// `npm run verify-activity`: reads the whole activity log, also while the platform runs, and tells
// the first entry that is missing or altered; ends with 1 when there is one.
import { run } from './commands/run.mjs';

await run('commands/verify-activity-command.ts');
