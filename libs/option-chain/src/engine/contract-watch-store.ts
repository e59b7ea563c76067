import type { ContractKey } from '@strikewire/contracts';
import type { QuoteStore } from '@strikewire/market-data';
import { errorMessageOf, StrikewireError, type Log } from '@strikewire/runtime';

/** Contracts that may be watched at a time, counted once for each that watches. */
export const watchedMax = 10_000;

interface Watcher {
  keys: readonly ContractKey[];
  changed(keys: readonly ContractKey[]): void;
  isStopped: boolean;
}

/** Where contracts are written now. */
interface Watched {
  store: QuoteStore;
  slotByKey: ReadonlyMap<ContractKey, number>;
}

/**
 * Tells who watches contracts of their changes, once for each packet frame. A tick costs nothing:
 * after a frame the watched slots are compared with the version of before it, and when none has
 * changed nothing is allocated.
 */
export class ContractWatch {
  private readonly log: Log;
  private readonly watchers = new Set<Watcher>();
  private watchedCount = 0;
  private place: Watched | undefined;
  /** Slots that are watched, each once; as far as they are there. */
  private slots = new Int32Array(0);
  private keyOf = new Map<number, { key: ContractKey; watchers: Watcher[] }[]>();
  private readonly ended = (before: number): void => this.frameEnded(before);

  constructor(log: Log) {
    this.log = log;
  }

  /** @throws StrikewireError `denied`, code `watch_full`, when too many are watched already. */
  watch(keys: readonly ContractKey[], changed: Watcher['changed']): () => void {
    const watcher: Watcher = { keys: [...new Set(keys)], changed, isStopped: false };
    const count = this.watchedCount + watcher.keys.length;
    if (count > watchedMax) {
      throw new StrikewireError({
        kind: 'denied',
        code: 'watch_full',
        message: `contracts that are watched would be ${count}, needs ${watchedMax} or fewer`,
      });
    }
    this.watchedCount = count;
    this.watchers.add(watcher);
    this.layOut();
    return () => {
      if (watcher.isStopped) return;
      watcher.isStopped = true;
      this.watchedCount -= watcher.keys.length;
      this.watchers.delete(watcher);
      this.layOut();
    };
  }

  /** Another generation is written from now on. */
  moveTo(place: Watched): void {
    if (this.place && this.place.store !== place.store) this.place.store.frameEnded = null;
    this.place = place;
    this.layOut();
  }

  stop(): void {
    if (this.place) this.place.store.frameEnded = null;
    this.place = undefined;
    this.watchers.clear();
    this.watchedCount = 0;
  }

  private layOut(): void {
    const { place } = this;
    if (!place) return;
    this.keyOf = new Map();
    for (const watcher of this.watchers) {
      for (const key of watcher.keys) this.add(key, watcher, place.slotByKey.get(key));
    }
    this.slots = Int32Array.from(this.keyOf.keys());
    place.store.frameEnded = this.slots.length > 0 ? this.ended : null;
  }

  /** A future that is a spot as well shares its slot: more than one key may lie in one. */
  private add(key: ContractKey, watcher: Watcher, slot: number | undefined): void {
    if (slot === undefined) return;
    const keys = this.keyOf.get(slot) ?? [];
    this.keyOf.set(slot, keys);
    const held = keys.find((one) => one.key === key);
    if (held) held.watchers.push(watcher);
    else keys.push({ key, watchers: [watcher] });
  }

  private frameEnded(before: number): void {
    const { slots, place } = this;
    if (!place) return;
    const { changedAt } = place.store;
    let told: Map<Watcher, ContractKey[]> | undefined;
    for (let index = 0; index < slots.length; index++) {
      const slot = slots[index]!;
      if (changedAt[slot]! > before) told = this.note(slot, told);
    }
    if (told) this.tell(told);
  }

  private note(
    slot: number,
    told = new Map<Watcher, ContractKey[]>(),
  ): Map<Watcher, ContractKey[]> {
    for (const { key, watchers } of this.keyOf.get(slot) ?? []) {
      for (const watcher of watchers) {
        const keys = told.get(watcher);
        if (keys) keys.push(key);
        else told.set(watcher, [key]);
      }
    }
    return told;
  }

  private tell(told: ReadonlyMap<Watcher, ContractKey[]>): void {
    for (const [watcher, keys] of told) {
      // Whoever is told first may let others go.
      if (watcher.isStopped) continue;
      try {
        watcher.changed(keys);
      } catch (error) {
        const reason = errorMessageOf(error);
        this.log.error('a watcher of contracts failed', { keys: keys.slice(0, 5), reason });
      }
    }
  }
}
