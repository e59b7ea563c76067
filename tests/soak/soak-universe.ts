import { UniverseRun } from '../support/universe-run';

/** How long, and where it is told. */
export interface SoakOptions {
  seconds: number;
  ticksPerSecond?: number;
  tell?(line: string): void;
}

/** What a soak has found. */
export interface SoakReport {
  chains: number;
  looks: number;
  /** In plain words; empty when all is well. */
  wrong: string[];
  /** Of the API's process, at the first look after the build and at the last. */
  memoryMb: { first: number; last: number };
}

const lookMs = 10_000;
/** What goes on to grow by more than this, over the second half, is a leak. */
const growthMax = 1.15;

/** The whole universe for a while; looked at every ten seconds, compared with the truth twice. */
export async function soakUniverse(options: SoakOptions): Promise<SoakReport> {
  const { seconds, ticksPerSecond = 20_000, tell = () => undefined } = options;
  const run = await UniverseRun.start({ ticksPerSecond, accounts: 3 });
  const wrong: string[] = [];
  const memory: number[] = [];
  try {
    tell(`${run.chains} chains are built`);
    const looks = Math.max(1, Math.floor((seconds * 1_000) / lookMs));
    for (let look = 1; look <= looks; look++) {
      await new Promise((resolve) => setTimeout(resolve, lookMs));
      const { memoryMb, ticksPerSecond: rate, doubts } = await run.look();
      memory.push(memoryMb);
      wrong.push(...doubts.slice(0, 20));
      tell(`${look * 10} s: ${rate} ticks/s, ${memoryMb} MB, ${doubts.length} doubts`);
      if (look === Math.ceil(looks / 2) || look === looks) {
        wrong.push(...(await run.differences()).slice(0, 20));
      }
    }
    const middle = memory[Math.floor(memory.length / 2)] ?? 0;
    const last = memory.at(-1) ?? 0;
    if (seconds >= 300 && last > middle * growthMax) {
      wrong.push(`memory grew from ${middle} to ${last} MB over the second half`);
    }
    return { chains: run.chains, looks, wrong, memoryMb: { first: memory[0] ?? 0, last } };
  } finally {
    // Rejects when the broker has counted a breach.
    await run.stop();
  }
}
