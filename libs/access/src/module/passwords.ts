import { hash, verify, type Options } from '@node-rs/argon2';
import { StrikewireError } from '@strikewire/runtime';

/** argon2id with 19 MiB, two passes, one lane (OWASP Password Storage Cheat Sheet, 2024). */
const cost: Options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
/** Hashes at once, of about 30 ms and 19 MiB each; more wait, and beyond that are refused. */
const atOnceMax = 2;
const waitingMax = 40;

/** Hashes and checks passwords, a bounded number at once. */
export interface Passwords {
  /** A PHC string; kind `throttled` when too many wait. */
  hash(password: string): Promise<string>;
  /**
   * Whether the password is the one that was hashed. Without a hash it takes as long and says no,
   * so that time does not tell which names exist.
   */
  matches(password: string, hashed: string | undefined): Promise<boolean>;
}

/** `decoy`: any password; nobody can sign in with it. */
export async function createPasswords(decoy: string): Promise<Passwords> {
  const gate = new Gate();
  const decoyHash = await hash(decoy, cost);
  return {
    hash: (password) => gate.run(() => hash(password, cost)),
    matches: (password, hashed) =>
      gate.run(async () => (await verify(hashed ?? decoyHash, password)) && hashed !== undefined),
  };
}

class Gate {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.running >= atOnceMax) await this.turn();
    else this.running++;
    try {
      return await work();
    } finally {
      // The place goes to whoever waits, without being free in between.
      const next = this.waiting.shift();
      if (next) next();
      else this.running--;
    }
  }

  private turn(): Promise<void> {
    if (this.waiting.length >= waitingMax) {
      const message = 'too many people are signing in at this moment; try again in a few seconds';
      throw new StrikewireError({ kind: 'throttled', code: 'sign_in_busy', message });
    }
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}
