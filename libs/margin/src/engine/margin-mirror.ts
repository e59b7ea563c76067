import type { MarginFigures } from '@strikewire/broker';
import { errorMessageOf, inTime, type Clock, type Log, type StateStore } from '@strikewire/runtime';
import { z } from 'zod';
import type { AccountMargins } from './account-margins';

/** Sets of one account that are mirrored: the newest. */
const setsMax = 48;
/** Nobody waits longer for what is only a convenience. */
const readWithinMs = 1_000;

const paise = z.number();
const figuresSchema: z.ZodType<MarginFigures> = z.object({
  requiredPaise: paise,
  spanPaise: paise.nullable(),
  exposurePaise: paise.nullable(),
  premiumPaise: paise.nullable(),
  benefitPaise: paise.nullable(),
});
const mirrorSchema = z.object({
  held: z.string(),
  figures: z.array(z.tuple([z.string(), z.object({ figures: figuresSchema, atMs: paise })])),
  funds: z.object({ availablePaise: paise, usedPaise: paise, atMs: paise }).nullable(),
});

/**
 * The cache of each account in shared state, so that a restart asks no broker again. It may be
 * lost, late or slow: then brokers are asked.
 */
export class MarginMirror {
  private readonly deps: { state: StateStore; clock: Clock; log: Log; ttlMs: number };
  /** Accounts whose writing is under way; true: it has changed again since. */
  private readonly writing = new Map<string, boolean>();

  constructor(deps: { state: StateStore; clock: Clock; log: Log; ttlMs: number }) {
    this.deps = deps;
  }

  /** Never rejects. */
  async read(account: string, margins: AccountMargins): Promise<void> {
    const { state, clock, log } = this.deps;
    const deadline = { clock, what: 'the mirror of margins', withinMs: readWithinMs };
    try {
      const text = await inTime(deadline, () => state.get(keyOf(account)));
      if (text === undefined) return;
      const found = mirrorSchema.parse(JSON.parse(text));
      margins.cache.restore(found.held, found.figures);
      margins.restore(found.funds);
    } catch (thrown) {
      log.warn('margins were not read back', { account, reason: errorMessageOf(thrown) });
    }
  }

  /** The newest counts, and never two writings of one account are under way. */
  write(account: string, margins: AccountMargins): void {
    if (this.writing.has(account)) {
      this.writing.set(account, true);
      return;
    }
    this.writing.set(account, false);
    void this.store(account, margins).then(() => {
      const isAgain = this.writing.get(account) === true;
      this.writing.delete(account);
      if (isAgain) this.write(account, margins);
    });
  }

  private async store(account: string, margins: AccountMargins): Promise<void> {
    const { state, log, ttlMs } = this.deps;
    const held = margins.cache.heldHash;
    if (held === undefined) return;
    const figures = margins.cache.list().slice(-setsMax);
    const text = JSON.stringify({ held, figures, funds: margins.fundsToKeep });
    try {
      await state.set(keyOf(account), text, { ttlMs });
    } catch (thrown) {
      log.debug('margins were not mirrored', { account, reason: errorMessageOf(thrown) });
    }
  }
}

function keyOf(account: string): string {
  return `margin:${account}`;
}
