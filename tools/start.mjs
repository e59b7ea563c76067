// @ts-check
// `npm start`: from a fresh clone to a running platform. It installs, builds what changed and
// serves; Ctrl-C stops everything. Nothing but Node is needed before the installation.
import { checkNodeVersion } from './lib/node-version.mjs';
import { prepare } from './start/prepare.mjs';
import { serve } from './start/serve.mjs';
import { settingsFrom } from './start/settings.mjs';
import { root } from './lib/root.mjs';

checkNodeVersion();
process.exitCode = await start();

async function start() {
  const settings = settingsFrom(process.env, root);
  if (typeof settings === 'string') {
    console.error(settings);
    return 1;
  }
  if (!(await prepare(settings))) return 1;
  return serve(settings);
}
