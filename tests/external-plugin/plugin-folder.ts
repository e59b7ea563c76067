import { execFile, fork, type ChildProcess } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../../tools/lib/root.mjs';
import { packFolder, packPackages } from '../../tools/pack/pack.mjs';

const run = promisify(execFile);
const readyWithinMs = 60_000;
const mainFile = 'strikewire/apps/api/dist/main.js';

/** An empty folder into which a plugin was installed, with the platform in a folder below. */
export interface PluginFolder {
  path: string;
  /** Runs a file of it; resolves with its exit code and what it has printed. */
  node(file: string, ...args: string[]): Promise<{ code: number; output: string }>;
  startApi(env: Record<string, string>): Promise<{ port: number; stop(): Promise<void> }>;
  remove(): void;
}

/** Installs the example from tarballs alone: no registry is asked. */
export async function createPluginFolder(): Promise<PluginFolder> {
  const path = mkdtempSync(join(tmpdir(), 'strikewire-plugins-'));
  const packed = join(path, 'tarballs');
  const tarballs: Record<string, string> = await packPackages(packed);
  tarballs['zod'] = await packFolder(join(root, 'node_modules/zod'), packed);
  const example = join(import.meta.dirname, 'example');
  tarballs['strikewire-broker-example'] = await packFolder(example, packed);
  const entries = Object.entries(tarballs).map(([name, file]) =>
    [name, `file:tarballs/${basename(file)}`]);
  const manifest = { name: 'plugins', private: true, dependencies: Object.fromEntries(entries) };
  writeFileSync(join(path, 'package.json'), JSON.stringify(manifest));
  const quiet = ['--offline', '--no-audit', '--no-fund', '--ignore-scripts'];
  await run('npm', ['install', ...quiet], { cwd: path });
  placePlatform(path);
  return {
    path,
    node: (file, ...args) => runNode(path, [file, ...args]),
    startApi: (env) => startApi(path, env),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** The built API, with what it has installed, in the folder below: as it is deployed. */
function placePlatform(path: string): void {
  const main = join(path, mainFile);
  mkdirSync(dirname(main), { recursive: true });
  copyFileSync(join(root, 'apps/api/dist/main.js'), main);
  symlinkSync(join(root, 'node_modules'), join(path, 'strikewire/node_modules'));
}

function runNode(cwd: string, args: string[]): Promise<{ code: number; output: string }> {
  return run(process.execPath, args, { cwd }).then(
    ({ stdout }) => ({ code: 0, output: stdout }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) =>
      ({ code, output: stdout + stderr }),
  );
}

function startApi(
  path: string,
  env: Record<string, string>,
): Promise<{ port: number; stop(): Promise<void> }> {
  const child = fork(join(path, mainFile), [], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'], env: { ...process.env, ...env },
  });
  let output = '';
  child.stdout?.on('data', (chunk) => (output += chunk));
  child.stderr?.on('data', (chunk) => (output += chunk));
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(`${why}\n${output.slice(-2_000)}`));
    const timer = setTimeout(() => fail('the API was not ready in time'), readyWithinMs);
    child.once('exit', (code) => fail(`the API ended with ${code}`));
    child.on('message', ({ ready, port }: { ready?: boolean; port: number }) => {
      if (!ready) return;
      clearTimeout(timer);
      resolve({ port, stop: () => end(child) });
    });
  });
}

function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}
