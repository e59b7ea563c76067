import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorCodeOf } from '@strikewire/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimed } from './claim';

let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'strikewire-claim-'));
});

afterAll(() => rm(dir, { recursive: true, force: true }));

describe('a folder that is claimed', () => {
  it('is worked on by one at a time, and is free afterwards', async () => {
    const place = join(dir, 'state', 'postgres');
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    let works = 0;
    const work = async (): Promise<string> => {
      works++;
      await released;
      return 'done';
    };
    const first = claimed(place, work);
    await expect.poll(() => works).toBe(1);
    const second = claimed(place, work).catch((error: unknown) => errorCodeOf(error));
    expect(await second).toBe('postgres_starting');
    release();
    expect(await first).toBe('done');
    expect(await claimed(place, work)).toBe('done');
    expect([works, await readdir(join(dir, 'state'))]).toEqual([2, []]);
  });

  it('is free when whoever claimed it is gone, or has failed', async () => {
    const place = join(dir, 'left');
    await writeFile(`${place}.starting`, JSON.stringify({ pid: 2 ** 22 + 1, startedAt: '1' }));
    const failing = claimed(place, () => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    expect(await claimed(place, () => Promise.resolve(1))).toBe(1);
  });
});
