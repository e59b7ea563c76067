import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from 'vite';
import { root } from '../../tools/lib/root.mjs';
import type { Mood } from './failover-broken-broker';

const name = 'strikewire-broker-broken';

/** A folder with the built API and, beside it, a package of a broker that can be told to fail. */
export interface BrokenPluginFolder {
  apiFile: string;
  /** Settings by which the API loads it. */
  env: Record<string, string>;
  become(mood: Mood): void;
  remove(): void;
}

/** Builds the package; nothing is installed. */
export async function createBrokenPlugin(): Promise<BrokenPluginFolder> {
  const path = mkdtempSync(join(tmpdir(), 'strikewire-broken-'));
  const home = join(path, 'node_modules', name);
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: join(import.meta.dirname, 'failover-broken-broker.ts'),
      outDir: home,
      target: 'node20',
      rollupOptions: { output: { entryFileNames: 'plugin.mjs' } },
    },
    ssr: { noExternal: [/^@strikewire\//] },
  });
  const manifest = { name, version: '1.0.0', type: 'module', exports: './plugin.mjs' };
  writeFileSync(join(home, 'package.json'), JSON.stringify(manifest));
  // What the plugin needs is found above it; what the API needs, above the API.
  symlinkSync(join(root, 'node_modules'), join(home, 'node_modules'));
  const apiFile = join(path, 'strikewire/apps/api/dist/main.js');
  mkdirSync(dirname(apiFile), { recursive: true });
  copyFileSync(join(root, 'apps/api/dist/main.js'), apiFile);
  symlinkSync(join(root, 'node_modules'), join(path, 'strikewire/node_modules'));
  const moodFile = join(path, 'mood');
  const become = (mood: Mood): void => writeFileSync(moodFile, mood);
  become('well');
  return {
    apiFile,
    env: { STRIKEWIRE_PLUGINS: name, BROKEN_MOOD: moodFile },
    become,
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}
