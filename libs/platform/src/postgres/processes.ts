import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

/** Whether the system has a process of this id; also one that has ended and is not reaped yet. */
export function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Whether a process exists; one that has ended and only waits to be reaped does not count. */
export async function isAlive(pid: number): Promise<boolean> {
  return exists(pid) && (await processState(pid)) !== 'Z';
}

/** When a process began, in kernel ticks, so that a reused id is told apart; Linux only. */
export async function startedAt(pid: number): Promise<string | undefined> {
  return (await statFields(pid))[19];
}

/** The command line of a process with its arguments; empty where the system does not tell. */
export async function commandLine(pid: number): Promise<string[]> {
  const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return text.split('\0').filter((part) => part !== '');
}

/** Signals a process that may be gone already. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Resolves to whether the process ended within `withinMs`. */
export async function waitForEnd(pid: number, withinMs: number): Promise<boolean> {
  const stepMs = 20;
  for (let waitedMs = 0; waitedMs < withinMs; waitedMs += stepMs) {
    if (!(await isAlive(pid))) return true;
    await wait(stepMs);
  }
  return !(await isAlive(pid));
}

/** Asks a postmaster to stop, more firmly each time: fast (3 s), immediate (2 s), kill. */
export async function endPostmaster(pid: number): Promise<void> {
  const steps = [
    ['SIGINT', 3_000],
    ['SIGQUIT', 2_000],
    ['SIGKILL', 2_000],
  ] as const;
  for (const [name, withinMs] of steps) {
    signal(pid, name);
    if (await waitForEnd(pid, withinMs)) return;
  }
}

async function processState(pid: number): Promise<string | undefined> {
  return (await statFields(pid))[0];
}

/** The fields of /proc/<pid>/stat from the third on; the second may hold spaces. */
async function statFields(pid: number): Promise<string[]> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}
