import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorMessageOf } from '@strikewire/runtime';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadMasterKey, type MasterKeySource } from './load-master-key';
import { masterKeyOf, type MasterKeys } from './master-key';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'strikewire-key-'));
});

afterEach(() => rm(folder, { recursive: true }));

function load(source: Partial<MasterKeySource> = {}): Promise<MasterKeys> {
  return loadMasterKey({ stateDir: folder, isProduction: false, randomBytes, ...source });
}

async function refusal(source: Partial<MasterKeySource>): Promise<string> {
  return load(source).then(() => 'loaded', errorMessageOf);
}

describe('loadMasterKey', () => {
  it('reads 32 bytes in hex, base64 and base64url, with or without padding', async () => {
    // Its base64 has both letters in which the two alphabets differ.
    const bytes = Buffer.concat([Buffer.from('fbff7e', 'hex'), randomBytes(29)]);
    const id = masterKeyOf(bytes).id;
    const base64 = bytes.toString('base64');
    const spellings = [
      bytes.toString('hex'), bytes.toString('hex').toUpperCase(), base64, base64.slice(0, -1),
      bytes.toString('base64url'), ` ${base64}\n`,
    ];
    for (const given of spellings) {
      expect((await load({ given, isProduction: true })).current.id).toBe(id);
    }
    expect(await readdir(folder)).toEqual([]);
  });

  it('refuses anything else without showing it', async () => {
    const odd = ['secret-word', '0'.repeat(63), 'a'.repeat(42), 'ä'.repeat(43), '!'.repeat(44)];
    for (const given of odd) {
      const message = await refusal({ given });
      expect(message).toMatch(/STRIKEWIRE_MASTER_KEY needs 32 bytes .*openssl rand -base64 32/);
      expect(message).not.toContain(given);
      const previous = await refusal({ given: '0'.repeat(64), previous: given });
      expect(previous).toMatch(/STRIKEWIRE_MASTER_KEY_PREVIOUS needs/);
    }
  });

  it('reads the keys that are being rotated out', async () => {
    const [a, b, c] = [1, 2, 3].map((byte) => Buffer.alloc(32, byte));
    const previous = `${b!.toString('hex')}, ${c!.toString('base64')}`;
    const keys = await load({ given: a!.toString('hex'), previous });
    expect(keys.previous?.map(({ id }) => id)).toEqual([masterKeyOf(b!).id, masterKeyOf(c!).id]);
  });

  it('refuses a production start without a key, whatever lies in the folder', async () => {
    await load();
    for (const given of [undefined, '']) {
      expect(await refusal({ given, isProduction: true })).toMatch(
        /STRIKEWIRE_MASTER_KEY is not set: .*openssl rand/,
      );
    }
  });

  it('makes a key file for nobody else to read, once, also when two start at once', async () => {
    const stateDir = join(folder, 'not', 'yet');
    const made = await Promise.all(Array.from({ length: 8 }, () => load({ stateDir })));
    expect(new Set(made.map(({ current }) => current.id)).size).toBe(1);
    expect(await readdir(stateDir)).toEqual(['master.key']);
    expect((await stat(join(stateDir, 'master.key'))).mode & 0o777).toBe(0o600);
    expect((await load({ stateDir })).current.id).toBe(made[0]!.current.id);
    expect((await load()).current.id).not.toBe(made[0]!.current.id);
  });

  it.runIf(process.platform !== 'win32')('refuses a key file that others may read', async () => {
    await load();
    const path = join(folder, 'master.key');
    for (const mode of [0o640, 0o604, 0o660, 0o601]) {
      await chmod(path, mode);
      const message = await refusal({});
      expect(message).toMatch(new RegExp(`mode ${mode.toString(8)}, .* chmod it to 600`));
      expect(message).not.toContain((await readFile(path, 'utf8')).trim());
    }
    await chmod(path, 0o400);
    expect(await refusal({})).toBe('loaded');
  });

  it('refuses a key file that is empty or no key, and leaves it alone', async () => {
    const path = join(folder, 'master.key');
    for (const text of ['', 'not-a-key-at-all']) {
      await writeFile(path, text, { mode: 0o600 });
      expect(await refusal({})).toContain(`${path} needs 32 bytes`);
      expect(await readFile(path, 'utf8')).toBe(text);
    }
  });
});
