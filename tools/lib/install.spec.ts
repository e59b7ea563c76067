import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isInstalled } from './install.mjs';

let folder = '';
const lock = (): string => join(folder, 'package-lock.json');

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'install-spec-'));
  await writeFile(lock(), '{}');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** As npm leaves it behind when it is through. */
async function npmFinished(secondsAfterLock: number): Promise<void> {
  await mkdir(join(folder, 'node_modules'), { recursive: true });
  const done = join(folder, 'node_modules', '.package-lock.json');
  await writeFile(done, '{}');
  const lockSec = 1_700_000_000;
  await utimes(lock(), lockSec, lockSec);
  await utimes(done, lockSec + secondsAfterLock, lockSec + secondsAfterLock);
}

describe('isInstalled', () => {
  it('is false without packages, and when npm broke off', async () => {
    expect(isInstalled(folder)).toBe(false);
    await mkdir(join(folder, 'node_modules'));
    expect(isInstalled(folder)).toBe(false);
  });

  it('trusts an installation by hand that is newer than the lock file', async () => {
    await npmFinished(5);
    expect(isInstalled(folder)).toBe(true);
  });

  it('is false when the lock file is newer', async () => {
    await npmFinished(-5);
    expect(isInstalled(folder)).toBe(false);
  });

  it('is false once the lock file says something else, whatever the times', async () => {
    await npmFinished(5);
    expect(isInstalled(folder)).toBe(true);
    await writeFile(lock(), '{"changed":true}');
    expect(isInstalled(folder)).toBe(false);
  });
});
