import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

const pollMs = 50;

/**
 * Does work while nobody else on this machine does work of that name. Linux only: the name is
 * that of an abstract socket, which the kernel frees even when its holder is killed.
 */
export async function oneAtATime<T>(name: string, work: () => Promise<T>): Promise<T> {
  for (;;) {
    const release = await take(`\0strikewire-${name}`);
    if (release) return work().finally(release);
    await wait(pollMs);
  }
}

function take(address: string): Promise<(() => void) | undefined> {
  return new Promise((resolve, reject) => {
    const holder = createServer();
    holder.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    );
    holder.listen(address, () => resolve(() => void holder.close()));
  });
}
