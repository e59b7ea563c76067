import { errorMessageOf, sleep, type Clock, type Log } from '@strikewire/runtime';
import type { OrderAct, OrderJournal, OrderRecord } from './order-journal';
import type { OrderTrack } from './order-track';

/** What writing intents needs. */
export interface IntentWriterDeps {
  clock: Clock;
  log: Log;
  journal: Pick<OrderJournal, 'create' | 'byRequest'>;
  keep(record: OrderRecord): OrderTrack;
  find(id: string): OrderTrack | undefined;
  isStopped(): boolean;
}

/** A transaction whose answer was lost may be stored a little later than it failed. */
const looksMs = [0, 1_000, 5_000, 30_000] as const;
const retryMs = 5_000;

/**
 * Writes intents down. When that fails nobody knows whether they are stored: whoever asked hears
 * of the failure, nothing is sent, and what turns out to be stored is denied.
 */
export class IntentWriter {
  private readonly deps: IntentWriterDeps;

  constructor(deps: IntentWriterDeps) {
    this.deps = deps;
  }

  /** All or nothing, in one transaction; rejects as the journal does. */
  async write(records: readonly OrderRecord[], act: OrderAct): Promise<OrderTrack[]> {
    try {
      await this.deps.journal.create(records, act);
    } catch (error) {
      void this.deny(records);
      throw error;
    }
    return records.map((record) => this.deps.keep(record));
  }

  private async deny(records: readonly OrderRecord[]): Promise<void> {
    for (const waitMs of looksMs) {
      if (waitMs > 0) await sleep(this.deps.clock, waitMs);
      if (await this.denyStored(records)) return;
    }
  }

  /** True: nothing is left to look for. */
  private async denyStored(records: readonly OrderRecord[]): Promise<boolean> {
    const { keep, find } = this.deps;
    const ids = new Set(records.map(({ state }) => state.order.clientOrderId));
    const found = await this.stored(records);
    // The request may have made other orders before: those are at work.
    const mine = (found ?? []).filter(({ state }) => ids.has(state.order.clientOrderId));
    if (this.deps.isStopped()) return true;
    for (const record of mine) {
      if (find(record.state.order.clientOrderId)) continue;
      const reason = 'it was not known whether it was stored, so it was not sent';
      keep(record).hear({ type: 'withheld', code: 'not_sent', reason });
    }
    return found === undefined || mine.length > 0;
  }

  /** Tries until it can be read; undefined: the platform stops. */
  private async stored([first]: readonly OrderRecord[]): Promise<OrderRecord[] | undefined> {
    if (!first) return undefined;
    const { clock, log, journal, isStopped } = this.deps;
    const { requestId, placedBy: { userId } } = first;
    while (!isStopped()) {
      try {
        return await journal.byRequest(userId, requestId);
      } catch (error) {
        const reason = errorMessageOf(error);
        log.error('whether orders are stored is not known yet', { requestId, reason });
        await sleep(clock, retryMs);
      }
    }
    return undefined;
  }
}
