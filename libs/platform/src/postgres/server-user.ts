import { chown, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** The account a server process runs as. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/** `nobody` and its group on every Linux distribution; initdb wants an account with a name. */
const nobody: ServerUser = { uid: 65_534, gid: 65_534 };

/** PostgreSQL refuses to run as root, so root lends it `nobody`; anybody else runs it as is. */
export function serverUser(): ServerUser | undefined {
  return process.getuid?.() === 0 ? nobody : undefined;
}

/** Whether `user` may walk down to the directory `path`; our own account always may. */
export async function canReach(path: string, user: ServerUser | undefined): Promise<boolean> {
  if (user === undefined) return true;
  for (let folder = path; ; folder = dirname(folder)) {
    const { mode, uid } = await stat(folder);
    const walkable = uid === user.uid ? (mode & 0o100) !== 0 : (mode & 0o001) !== 0;
    if (!walkable) return false;
    if (folder === dirname(folder)) return true;
  }
}

/** Gives a file or folder to the server's account; nothing to do when that is our own. */
export async function handOver(path: string, user: ServerUser | undefined): Promise<void> {
  if (user !== undefined) await chown(path, user.uid, user.gid);
}
