import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { mallocEnvironment } from './lib/malloc.mjs';
import { root } from './lib/root.mjs';
import { runCommand } from './lib/run-command.mjs';

/** What the files for containers name must be there: no container engine checks it here. */

interface Service {
  image?: string;
  environment?: Record<string, string>;
  ports?: string[];
  volumes?: string[];
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test: string[] };
  env_file?: { path: string }[];
}

const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const compose = parse(read('compose.yaml')) as {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
};
const manifest = JSON.parse(read('package.json')) as {
  scripts: Record<string, string>;
};
/** One instruction of the Dockerfile a line. */
const instructions = read('Dockerfile')
  .replace(/^#.*\n/gm, '')
  .replace(/\\\n\s*/g, '')
  .split('\n')
  .filter((line) => line !== '');
const apiSource = read('apps/api/src/environment.ts');
const apiSettings = new Set(apiSource.match(/\b[A-Z]+(?:_[A-Z]+)*(?=:)/g));

/** Made by the commands of the Dockerfile, so not there in a fresh clone. */
const built: Record<string, string> = {
  node_modules: 'npm ci',
  'apps/api/dist': 'npm run build',
  'apps/admin/dist': 'npm run build',
  'tools/commands/dist': 'npx vite build --config tools/commands/vite.config.ts',
};

const commands = ['backup', 'restore', 'rotate-master-key', 'reset-password', 'verify-activity'];

/** What follows a keyword, for each time it is there. */
function rest(keyword: string): string[] {
  const found = instructions.filter((one) => one.startsWith(`${keyword} `));
  return found.map((one) => one.slice(keyword.length + 1));
}

describe('Dockerfile', () => {
  it('copies what is there, or what a command before has made', () => {
    const copied = rest('COPY').filter((one) => one.startsWith('--from=build '));
    const sources = copied.flatMap((one) => one.split(' ').slice(1, -1));
    expect(sources.length).toBeGreaterThan(8);
    for (const source of sources.map((path) => path.replace('/app/', ''))) {
      const maker = built[source];
      if (maker === undefined) expect(existsSync(join(root, source)), source).toBe(true);
      else expect(rest('RUN').some((run) => run.includes(maker)), source).toBe(true);
    }
  });

  it('copies everything that the commands in it start', () => {
    const copied = rest('COPY').join(' ');
    const inputs = read('tools/commands/vite.config.ts');
    for (const name of commands) {
      expect(manifest.scripts[name]).toBe(`exec node tools/${name}.mjs`);
      expect(copied).toContain(`/app/tools/${name}.mjs`);
      const own = read(`tools/${name}.mjs`).match(/(?<=from '\.\/).*(?=')/g) ?? [];
      for (const path of own) expect(copied).toContain(`/app/tools/${path}`);
      const [source] = read(`tools/${name}.mjs`).match(/[\w-]+-command\b/) ?? [];
      expect(inputs).toContain(`'${source}',`);
    }
    expect(read('tools/commands/run.mjs')).toContain(`from '../lib/root.mjs'`);
    expect(copied).toContain('/app/tools/lib/root.mjs');
  });

  it('runs scripts that exist, and starts what the build makes', () => {
    const scripts = rest('RUN').flatMap((run) => run.match(/(?<=npm run )\S+/g) ?? []);
    expect(scripts).toEqual(['build']);
    for (const script of scripts) expect(manifest.scripts).toHaveProperty(script);
    const configs = rest('RUN').flatMap((run) => run.match(/(?<=--config )\S+/g) ?? []);
    expect(configs.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    const command = JSON.parse(rest('CMD').at(-1) ?? '[]') as string[];
    expect(command.at(-1)).toBe('apps/api/dist/main.js');
    expect(read('apps/api/vite.config.ts')).toMatch(/outDir: 'dist'[^]*entryFileNames: 'main.js'/);
  });

  it('sets only what the API reads, for production, and is not root', () => {
    const [build = '', run = ''] = rest('ENV');
    expect(build).toBe('NX_DAEMON=false NX_TUI=false');
    const names = run.match(/\b[A-Z_]+(?==)/g) ?? [];
    const known = (name: string): boolean => apiSettings.has(name) || name in mallocEnvironment;
    expect(names.filter((name) => !known(name))).toEqual([]);
    for (const [name, value] of Object.entries(mallocEnvironment)) {
      expect(run).toContain(`${name}=${value}`);
    }
    expect(run).toContain('NODE_ENV=production');
    expect(run).not.toMatch(/KEY|PASSWORD|TOKEN/);
    expect(rest('USER')).toEqual(['node']);
  });

  it('is well while its port answers well, and only then', async () => {
    const check = rest('HEALTHCHECK').join();
    const [program, ...args] = JSON.parse(check.slice(check.indexOf('['))) as string[];
    expect(program).toBe('node');
    const asked: string[] = [];
    let status = 200;
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(status).end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const env = { PORT: String((server.address() as AddressInfo).port) };
    const exitCode = async (): Promise<number> =>
      (await runCommand('node', args, { quiet: true, env })).code;
    expect(await exitCode()).toBe(0);
    status = 503;
    expect(await exitCode()).toBe(1);
    expect(asked).toEqual(['/health/live', '/health/live']);
    server.close();
    server.closeAllConnections();
    expect(await exitCode()).toBe(1);
  });

  it('is built on a Node that the workspace supports', () => {
    expect(new Set(rest('FROM').map((from) => from.split(' ')[0]))).toEqual(
      new Set(['node:22-bookworm-slim']),
    );
    expect(read('package.json')).toMatch(/"node": "[^"]*\^22\./);
  });
});

describe('.dockerignore', () => {
  it('keeps out secrets and what is made anew', () => {
    const lines = read('.dockerignore').split('\n');
    const needed = ['**/node_modules', '**/dist', '.strikewire', '.git', '.env', '*.env', '*.key'];
    for (const line of needed) expect(lines).toContain(line);
  });
});

describe('compose.yaml', () => {
  const services = Object.entries(compose.services);

  it('has the platform with its servers, each with a check of its health', () => {
    expect(Object.keys(compose.services).sort()).toEqual(['platform', 'postgres', 'redis']);
    expect(compose.services['postgres']?.image).toBe('postgres:18');
    expect(compose.services['redis']?.image).toBe('redis:7');
    for (const name of ['postgres', 'redis']) {
      expect(compose.services[name]?.healthcheck?.test[0]).toBe('CMD');
      const wanted = compose.services['platform']?.depends_on?.[name];
      expect(wanted).toEqual({ condition: 'service_healthy' });
    }
  });

  it('publishes ports on this machine alone', () => {
    const ports = services.flatMap(([, { ports: list = [] }]) => list);
    expect(ports).toHaveLength(3);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\$\{[A-Z_]+:-\d+\}:\d+$/);
    const inside = compose.services['platform']?.ports?.[0]?.split(':').at(-1);
    expect(rest('EXPOSE')).toEqual([inside]);
    expect(rest('ENV').join()).toContain(`PORT=${inside}`);
  });

  it('keeps data in volumes that it declares, where the images look for it', () => {
    const mounts = services.flatMap(([, { volumes = [] }]) => volumes);
    const names = mounts.map((mount) => mount.split(':')[0]).sort();
    expect(names).toEqual(Object.keys(compose.volumes).sort());
    expect(mounts).toContain(`state:${rest('VOLUME')[0]}`);
    expect(rest('ENV').join()).toContain(`STRIKEWIRE_STATE_DIR=${rest('VOLUME')[0]}`);
    expect(mounts).toContain('postgres:/var/lib/postgresql');
  });

  it('gives the platform settings that it knows, with the servers as they are', () => {
    const environment = compose.services['platform']?.environment ?? {};
    expect(Object.keys(environment).filter((name) => !apiSettings.has(name))).toEqual([]);
    const plain = (text = ''): string => text.replace(/\$\{([A-Z_]+):\?[^}]*\}/g, '$1');
    const database = new URL(plain(environment['DATABASE_URL']));
    const server = compose.services['postgres']?.environment ?? {};
    expect(database.username).toBe(server['POSTGRES_USER']);
    expect(database.password).toBe(plain(server['POSTGRES_PASSWORD']));
    expect(database.pathname).toBe(`/${server['POSTGRES_DB']}`);
    expect(compose.services).toHaveProperty(database.hostname);
    const redis = new URL(plain(environment['REDIS_URL']));
    const redisPassword = compose.services['redis']?.environment?.['REDISCLI_AUTH'];
    expect(redis.password).toBe(plain(redisPassword));
    expect(compose.services).toHaveProperty(redis.hostname);
  });

  it('starts nothing with a password that everybody knows', () => {
    const passwords = read('compose.yaml').match(/\$\{\w*PASSWORD[^}]*\}/g) ?? [];
    expect(passwords.length).toBeGreaterThan(3);
    for (const password of passwords) expect(password).toMatch(/^\$\{\w+:\?set it in \.env\}$/);
  });

  it('names settings in its comments that exist, and holds no key', () => {
    const named = read('compose.yaml').match(/\bSTRIKEWIRE_[A-Z_]+/g) ?? [];
    const odd = named.filter((name) => name !== 'STRIKEWIRE_PORT' && !apiSettings.has(name));
    expect(odd).toEqual([]);
    expect(named).toContain('STRIKEWIRE_MASTER_KEY');
    expect(read('compose.yaml')).not.toMatch(/^\s*STRIKEWIRE_\w*(KEY|PASSWORD)/m);
    expect(compose.services['platform']?.env_file?.[0]?.path).toBe('strikewire.env');
  });
});
