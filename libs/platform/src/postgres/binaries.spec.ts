import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readlink, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findBinaries, usableCopy } from './binaries';
import { serverUser } from './server-user';

const user = serverUser();
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(await realpath(tmpdir()), 'binaries-spec-'));
  await chmod(folder, 0o755);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A package as npm unpacks it when install scripts are off: the links are only listed. */
async function fakePackage(): Promise<string> {
  const native = join(folder, 'package', 'native');
  await mkdir(join(native, 'bin'), { recursive: true });
  await mkdir(join(native, 'lib'));
  await writeFile(join(folder, 'package', 'package.json'), '{"version":"18.4.0"}');
  await writeFile(join(native, 'bin', 'postgres'), 'binary');
  await writeFile(join(native, 'lib', 'liba.so.1.2'), 'library');
  const links = [{ source: 'native/lib/liba.so.1.2', target: 'native/lib/liba.so' }];
  await writeFile(join(native, 'pg-symlinks.json'), JSON.stringify(links));
  return native;
}

describe('findBinaries', () => {
  it('finds a server that runs, 15 or newer', async () => {
    const { folder: bin, major } = await findBinaries(user);
    expect(existsSync(join(bin, 'initdb'))).toBe(true);
    expect(major).toBeGreaterThanOrEqual(15);
  });
});

describe('usableCopy', () => {
  it('copies and adds the links when they are missing, once', async () => {
    const native = await fakePackage();
    const copy = await usableCopy(native, user, folder);
    expect(copy).not.toBe(native);
    expect(await readlink(join(copy, 'lib', 'liba.so'))).toBe('liba.so.1.2');
    await writeFile(join(copy, 'mark'), '');
    expect(await usableCopy(native, user, folder)).toBe(copy);
    expect(existsSync(join(copy, 'mark'))).toBe(true);
  });

  it('does not trust a copy that others may write', async () => {
    const native = await fakePackage();
    const copy = await usableCopy(native, user, folder);
    await chmod(copy, 0o777);
    await expect(usableCopy(native, user, folder)).rejects.toThrow();
  });

  it.runIf(user !== undefined)('copies out of a folder that the account cannot reach', async () => {
    const native = await fakePackage();
    const first = await usableCopy(native, undefined, folder);
    expect(await usableCopy(first, user, folder)).toBe(first);
    await chmod(join(folder, 'package'), 0o700);
    expect(await usableCopy(native, user, folder)).toBe(first);
  });
});
