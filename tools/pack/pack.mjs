// @ts-check
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../lib/root.mjs';
import { emitPackages } from './emit.mjs';
import { packages, version } from './packages.mjs';

const run = promisify(execFile);

/**
 * Packs what the author of a plugin installs as tarballs into a folder.
 * @param {string} folder
 * @returns {Promise<Record<string, string>>} the tarballs by the names of their packages
 */
export async function packPackages(folder) {
  await mkdir(folder, { recursive: true });
  const staging = await mkdtemp(join(tmpdir(), 'strikewire-pack-'));
  try {
    await emitPackages(staging);
    /** @type {Record<string, string>} */
    const tarballs = {};
    for (const one of packages) {
      const manifest = await manifestOf(one);
      const text = `${JSON.stringify(manifest, null, 2)}\n`;
      await writeFile(join(staging, one.name, 'package.json'), text);
      tarballs[manifest.name] = await packFolder(join(staging, one.name), folder);
    }
    return tarballs;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/**
 * @param {string} source
 * @param {string} folder
 * @returns {Promise<string>} the tarball
 */
export async function packFolder(source, folder) {
  const args = ['pack', source, '--json', '--ignore-scripts', '--pack-destination', folder];
  const { stdout } = await run('npm', args, { cwd: folder });
  const [{ filename }] = JSON.parse(stdout);
  return join(folder, filename);
}

/** @param {import('./packages.mjs').Package} one */
async function manifestOf({ name, entries, optional = [] }) {
  const text = await readFile(join(root, 'libs', name, 'package.json'), 'utf8');
  /** @type {Record<string, string>} */
  const wanted = JSON.parse(text).dependencies ?? {};
  const ours = packages.map((one) => `@strikewire/${one.name}`);
  const dependencies = Object.entries(wanted)
    .filter(([dependency]) => dependency === 'zod' || ours.includes(dependency))
    .map(([dependency, range]) => [dependency, dependency === 'zod' ? `^${range}` : version]);
  const peers = optional.map((peer) => [peer, wanted[peer] ?? '*']);
  return {
    name: `@strikewire/${name}`,
    version,
    license: 'Apache-2.0',
    type: 'module',
    sideEffects: false,
    files: ['dist'],
    exports: Object.fromEntries(Object.entries(entries).map(([entry, file]) =>
      [entry, { types: `./dist/${file}.d.ts`, default: `./dist/${file}.js` }])),
    dependencies: Object.fromEntries(dependencies),
    ...(peers.length > 0 && {
      peerDependencies: Object.fromEntries(peers),
      peerDependenciesMeta: Object.fromEntries(optional.map((peer) => [peer, { optional: true }])),
    }),
  };
}
