import { chmod, lstat, mkdir, mkdtemp, realpath, rmdir, statfs, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { StrikewireError } from '@strikewire/runtime';
import { canReach, type ServerUser } from './server-user';

/** Where root keeps data that its server account could not reach where it was asked for. */
const sharedRoot = '/var/lib/strikewire';

/** A memory disk must have this much room, or a throw-away server goes to the temporary folder. */
const memoryDiskBytesMin = 512 * 1024 * 1024;

/** A new folder for a throw-away server: in memory where that is possible. */
export async function temporaryPlace(): Promise<string> {
  const disk = await statfs('/dev/shm').catch(() => undefined);
  const roomy = disk !== undefined && disk.bavail * disk.bsize >= memoryDiskBytesMin;
  const folder = await mkdtemp(join(roomy ? '/dev/shm' : tmpdir(), 'strikewire-postgres-'));
  await chmod(folder, 0o755);
  return realpath(folder);
}

/**
 * Makes the folder and returns its real path. When root asks for a place the server's account
 * cannot reach (root's home is closed to everybody else), the data goes to /var/lib/strikewire
 * and a link is left at the place asked for, so that the next start finds it.
 */
export async function durablePlace(
  dataDir: string,
  user: ServerUser | undefined,
): Promise<string> {
  const exists = await lstat(dataDir).catch(() => undefined);
  if (exists === undefined) await mkdir(dataDir, { recursive: true, mode: 0o755 });
  const real = await realpath(dataDir);
  if (await canReach(real, user)) return real;
  return moveToSharedRoot(real);
}

async function moveToSharedRoot(dataDir: string): Promise<string> {
  try {
    await rmdir(dataDir);
  } catch (error) {
    throw new StrikewireError({
      kind: 'fatal',
      code: 'postgres_place_closed',
      message:
        `the database in ${dataDir} cannot be reached by the account it runs as: ` +
        `make ${dirname(dataDir)} readable, or set DATABASE_URL`,
      cause: error,
    });
  }
  await mkdir(sharedRoot, { recursive: true, mode: 0o755 });
  const place = await mkdtemp(join(sharedRoot, 'postgres-'));
  await chmod(place, 0o755);
  await symlink(place, dataDir);
  return place;
}
