// @ts-check
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../lib/root.mjs';

/**
 * Runs a command from its source; where the tools of development are not installed, as in the
 * image, from what `vite build` made of it.
 * @param {string} name of the file in this folder
 */
export async function run(name) {
  const tsx = await import('tsx/esm/api').catch(() => undefined);
  tsx?.register({ tsconfig: join(root, 'tsconfig.json') });
  const file = tsx ? `${name}.ts` : `dist/${name}.js`;
  await import(pathToFileURL(join(root, 'tools/commands', file)).href);
}
