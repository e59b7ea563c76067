import { spawn, type SpawnOptions } from 'node:child_process';
import type { ServerUser } from './server-user';

/** The most of a program's output that is kept for an error message. */
const outputCharsMax = 20_000;

export interface RunResult {
  /** Exit code, or null when a signal ended the program. */
  readonly code: number | null;
  readonly output: string;
}

/** Runs a program to its end. Rejects when it cannot be started at all. */
export function run(
  program: string,
  args: readonly string[],
  user: ServerUser | undefined,
): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    const options: SpawnOptions = { stdio: ['ignore', 'pipe', 'pipe'], cwd: '/', ...user };
    const child = spawn(program, [...args], options);
    let output = '';
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-outputCharsMax);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
}
