// @ts-check
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../lib/root.mjs';

/**
 * Runs a command from its source; where the tools of development are not installed, as in the
 * image, from what `vite build` made of it.
 * @param {string} file from the folder of tools, for example `commands/restore-command.ts`
 */
export async function run(file) {
  const tsx = await import('tsx/esm/api').catch(() => undefined);
  tsx?.register({ tsconfig: join(root, 'tsconfig.json') });
  const built = `commands/dist/${basename(file, '.ts')}.js`;
  await import(pathToFileURL(join(root, 'tools', tsx ? file : built)).href);
}
