// @ts-check
// `npm run reset-password -- <username>`: gives somebody a made-up password when nobody can sign in
// to do it. The platform must be stopped.
import { run } from './commands/run.mjs';

await run('commands/reset-password-command.ts');
