import type { ActedBy, InTurn } from '@strikewire/platform';
import { errorMessageOf, type Clock, type Log, type Timer } from '@strikewire/runtime';
import type { AccountFacts } from './account-store';

/** Something that was handed out, is in use, and is to be stored. */
export interface GrantInUse {
  by: ActedBy;
  /** As the activity log names it. */
  action: string;
  /** The account as it was stored. */
  before: AccountFacts;
}

/** What grants are stored with. */
export interface AccountGrantsDeps {
  clock: Pick<Clock, 'after'>;
  log: Log;
  inTurn: InTurn;
  /** Writes the account as it is by then; does nothing when it is gone. */
  store(id: string, grant: GrantInUse): Promise<void>;
}

/** An hour, as the pauses grow. */
const triesMax = 60;
const againMs = 1_000;
const againMostMs = 60_000;

/**
 * Credentials that a broker has handed out are in use before they are stored: those of before may
 * be dead already, and the database away. They are stored as soon as it takes them, the newest of
 * an account in the place of all before. Where that fails for an hour it is given up: they stay in
 * use and are stored with the next change of the account; a start before that finds the old ones.
 */
export class AccountGrants {
  private readonly deps: AccountGrantsDeps;
  private readonly waiting = new Map<string, GrantInUse>();
  private readonly timers = new Map<string, Timer>();

  constructor(deps: AccountGrantsDeps) {
    this.deps = deps;
  }

  /** Resolves after the first try, whatever came of it. */
  async keep(id: string, grant: GrantInUse): Promise<void> {
    // What is told of it begins with what was stored last.
    const before = this.waiting.get(id)?.before ?? grant.before;
    this.waiting.set(id, { ...grant, before });
    await this.attempt(id, 0);
  }

  /** Other credentials were stored since. */
  forget(id: string): void {
    this.waiting.delete(id);
    this.timers.get(id)?.cancel();
    this.timers.delete(id);
  }

  /** Tries once more and ends. */
  async stop(): Promise<void> {
    await Promise.all([...this.waiting.keys()].map((id) => this.attempt(id, triesMax)));
  }

  private async attempt(id: string, tries: number): Promise<void> {
    const { clock, log, inTurn, store } = this.deps;
    this.timers.get(id)?.cancel();
    const grant = this.waiting.get(id);
    if (!grant) return;
    try {
      await inTurn(() => (this.waiting.get(id) === grant ? store(id, grant) : Promise.resolve()));
      if (this.waiting.get(id) === grant) this.forget(id);
    } catch (error) {
      if (this.waiting.get(id) !== grant) return;
      const facts = { id, tries: tries + 1, reason: errorMessageOf(error) };
      if (tries + 1 >= triesMax) {
        this.forget(id);
        log.error('a token that is in use is not stored: a start finds the one before', facts);
        return;
      }
      log.warn('a token that is in use is not stored yet', facts);
      const waitMs = Math.min(againMostMs, againMs * 2 ** tries);
      this.timers.set(id, clock.after(waitMs, () => void this.attempt(id, tries + 1)));
    }
  }
}
