import type { MarginFigures } from '@strikewire/broker';
import type { Clock } from '@strikewire/runtime';
import { strategyHash } from '../core/strategy-hash';
import { LruMap } from './lru-map';
import type { MarginSettings } from './margin-settings';

/** A broker's figure of one set. */
export interface CachedFigures {
  figures: MarginFigures;
  /** Epoch ms. */
  atMs: number;
}

type CacheSettings = Pick<MarginSettings, 'setsMax' | 'figureAgeMaxMs' | 'figuresApartMaxMs'>;

/** Blocks nothing, whoever is asked and whenever. */
const nothing = strategyHash([]);

/**
 * Figures of one account by the hash of their set. Another held set ends them all but its own,
 * which an order may have asked for before it was filled.
 */
export class MarginCache {
  private readonly clock: Pick<Clock, 'wallMs'>;
  private readonly ageMaxMs: number;
  private readonly apartMaxMs: number;
  private readonly figures: LruMap<string, CachedFigures>;
  private held: string | undefined;
  /** How often the held set has become another. */
  private changes = 0;

  constructor(clock: Pick<Clock, 'wallMs'>, settings: CacheSettings) {
    this.clock = clock;
    this.ageMaxMs = settings.figureAgeMaxMs;
    this.apartMaxMs = settings.figuresApartMaxMs;
    this.figures = new LruMap(settings.setsMax);
  }

  get heldHash(): string | undefined {
    return this.held;
  }

  get generation(): number {
    return this.changes;
  }

  /** True when the set is another than before. */
  hold(hash: string): boolean {
    if (this.held === hash) return false;
    const kept = this.figures.get(hash);
    this.held = hash;
    this.changes++;
    this.figures.clear();
    if (kept) this.figures.set(hash, kept);
    return true;
  }

  /** Undefined also for what is too old. */
  get(hash: string): CachedFigures | undefined {
    const found = this.figures.get(hash);
    if (!found || this.clock.wallMs() - found.atMs <= this.ageMaxMs) return found;
    this.figures.delete(hash);
    return undefined;
  }

  /**
   * What is required of two sets, in paise; null: one is not known, or they were told too long
   * after each other. Prices are others by then: their difference would say nothing.
   */
  pair(one: string, other: string): readonly [number, number] | null {
    const found = [one, other].map((hash) => this.told(hash));
    const [first, second] = found;
    if (!first || !second) return null;
    const isOne = first.atMs === null || second.atMs === null ||
      Math.abs(first.atMs - second.atMs) <= this.apartMaxMs;
    return isOne ? [first.paise, second.paise] : null;
  }

  /** Younger than figures may be that are subtracted from one of now. */
  isNew(hash: string): boolean {
    const found = this.get(hash);
    return found !== undefined && this.clock.wallMs() - found.atMs <= this.apartMaxMs;
  }

  private told(hash: string): { paise: number; atMs: number | null } | undefined {
    if (hash === nothing) return { paise: 0, atMs: null };
    const found = this.get(hash);
    return found && { paise: found.figures.requiredPaise, atMs: found.atMs };
  }

  /** What was asked of a generation that is over counts only for the set that is held now. */
  put(hash: string, figures: MarginFigures, generation: number): boolean {
    if (generation !== this.changes && hash !== this.held) return false;
    this.figures.set(hash, { figures, atMs: this.clock.wallMs() });
    return true;
  }

  /** What was kept of before a restart, unless something newer is known. */
  restore(held: string, entries: readonly (readonly [string, CachedFigures])[]): void {
    if (this.held !== undefined) return;
    this.held = held;
    for (const [hash, entry] of entries) this.figures.set(hash, entry);
  }

  list(): [string, CachedFigures][] {
    return this.figures.list();
  }
}
