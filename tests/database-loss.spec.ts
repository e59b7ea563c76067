import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import {
  healthSchema,
  statusSchema,
  type Health,
  type PlatformStatus,
} from '@strikewire/contracts';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, startRealPlatform, type RealPlatform } from './support/real-platform';

let platform: RealPlatform;

beforeAll(async () => {
  // One chain cannot be built before the database is gone.
  const prepare = async (sim: RealPlatform['sim']): Promise<void> => {
    const [first] = (await sim('truth/underlyings')) as { symbol: string; expiries: string[] }[];
    const fault = { kind: 'emptyChain', underlying: first?.symbol, expiry: first?.expiries[0] };
    await sim('faults', fault);
  };
  platform = await startRealPlatform({ hasOwnDatabase: true, prepare });
});

afterAll(() => platform?.stop());

const read = async (path: string): Promise<unknown> => (await platform.fetch(path)).json();
const health = async (): Promise<Health> => healthSchema.parse(await read('/health'));
const status = async (): Promise<PlatformStatus> =>
  statusSchema.parse(await read('/api/optionchain/status'));
const chainsOf = ({ underlyings }: PlatformStatus) => underlyings.flatMap(({ chains }) => chains);
const isListed = ({ underlyings }: PlatformStatus): boolean =>
  underlyings.length > 0 && underlyings.every(({ chains }) => chains.length > 0);
const inDatabase = (file: string): string => join(platform.stateDir, 'postgres', file);

async function postmaster(): Promise<{ pid: number; port: string }> {
  const lines = (await readFile(inDatabase('cluster/postmaster.pid'), 'utf8')).split('\n');
  return { pid: Number(lines[0]), port: lines[3] ?? '' };
}

async function storedSkeletons(): Promise<number> {
  const { port } = await postmaster();
  const password = (await readFile(inDatabase('password'), 'utf8')).trim();
  const connectionString = `postgres://strikewire:${password}@127.0.0.1:${port}/strikewire`;
  const client = new Client({ connectionString });
  await client.connect();
  const { rows } = await client.query('select count(*)::int as n from chain_skeleton');
  await client.end();
  return rows[0].n;
}

describe('a database of its own that is killed', () => {
  const long = { timeout: 400_000 };

  it('costs no chain and no client anything; what it missed is stored later', long, async () => {
    const built = (chains: ReturnType<typeof chainsOf>): number =>
      chains.filter(({ state }) => state === 'built').length;
    // How many there are hangs on the day: a monthly may be one of the nearest.
    const first = await eventually(status, (now) =>
      isListed(now) && built(chainsOf(now)) === chainsOf(now).length - 1);
    const all = chainsOf(first).length;
    await eventually(storedSkeletons, (count) => count === all - 1);

    const { pid } = await postmaster();
    // Without its folder it cannot come back yet.
    await rename(inDatabase('cluster'), inDatabase('away'));
    process.kill(pid, 'SIGKILL');
    const ill = await eventually(health, ({ checks }) => !checks['database']?.ok);
    expect(ill.status).not.toBe('ok');
    await platform.sim('faults', undefined, 'DELETE');
    await eventually(status, (now) => built(chainsOf(now)) === all);
    await eventually(status, ({ phase, feed }) => phase === 'live' && feed.state === 'live');
    await eventually(health, ({ status: now, checks }) =>
      now === 'degraded' && checks['database']?.ok === false && checks['feed']?.ok === true);
    const versions = new Set<number>();
    await eventually(
      async () => versions.add(((await read('/api/optionchain/live?underlying=NIFTY')) as {
        version: number;
      }).version),
      ({ size }) => size > 3,
    );

    await rename(inDatabase('away'), inDatabase('cluster'));
    expect(await eventually(health, ({ status: now }) => now === 'ok')).toMatchObject({
      checks: { database: { ok: true } },
    });
    expect((await postmaster()).pid).not.toBe(pid);
    await eventually(storedSkeletons, (count) => count === all);
    await eventually(status, ({ phase }) => phase === 'live');
  });
});
