import type { Quote } from '@strikewire/contracts';
import { legUpdate } from './leg-json';
import type { LiveChain } from './live-chain';
import type { StreamNews, StreamView } from './stream-view';

/** Where a quote is read: a chain's leg by its row, or its spot (-1). */
export interface QuotePlace {
  chain: LiveChain;
  row: number;
}

/** Undefined for what is not served (any more). */
export type FindQuote = (key: string) => QuotePlace | undefined;

/** Contracts that are not served are looked for again at every so many steps. */
const searchEvery = 50;

interface Held {
  place: QuotePlace | undefined;
  generation: number;
  /** Change count of the slot. */
  changedAt: number;
}

/** No change count: told in any case. */
const untold = -1;

/** Named contracts and spots, of whatever chains: the channel `quotes`. */
export class QuotesView implements StreamView {
  readonly pace = 'other';
  readonly chain = null;
  private readonly keys: readonly string[];
  private readonly find: FindQuote;
  private readonly held: Held[];
  private version = 1;
  private steps = 0;

  constructor(keys: readonly string[], find: FindQuote) {
    this.keys = keys;
    this.find = find;
    this.held = keys.map((key) => held(find(key)));
  }

  layout(stream: number): object {
    return { type: 'layout', channel: 'quotes', stream, keys: this.keys };
  }

  snapshot(stream: number): string {
    const rows = this.held.map(({ place }, index) => [index, quoteOf(place)]);
    return this.encode({ type: 'snapshot' }, stream, rows);
  }

  /** What the keys mean does not depend on a generation. */
  isAnew(): boolean {
    return false;
  }

  advance(stream: number): StreamNews | undefined {
    const isSearching = this.steps++ % searchEvery === 0;
    const rows: [number, Quote | null][] = [];
    for (let index = 0; index < this.keys.length; index++) {
      this.seek(index, isSearching);
      const one = this.held[index] as Held;
      if (this.hasChanged(one)) rows.push([index, quoteOf(one.place)]);
    }
    if (rows.length === 0) return undefined;
    const previous = this.version++;
    return { data: this.encode({ type: 'delta', previous }, stream, rows) };
  }

  retired(chain: LiveChain): void {
    for (const [index, { place }] of this.held.entries()) {
      if (place?.chain === chain) this.held[index] = { ...held(undefined), changedAt: untold };
    }
    // A spot is that of the next chain: it is looked for at once.
    this.steps = 0;
  }

  /** Looks for a contract: at times when it was not there, and whenever strikes may have moved. */
  private seek(index: number, isSearching: boolean): void {
    const { place, generation } = this.held[index] as Held;
    const hasMoved = place && place.chain.generation.number !== generation;
    if (!hasMoved && (place || !isSearching)) return;
    const found = this.find(this.keys[index] ?? '');
    if (place || found) this.held[index] = { ...held(found), changedAt: untold };
  }

  /** Whether subscribers do not hold a quote as it is; they do then. */
  private hasChanged(one: Held): boolean {
    const { changedAt } = held(one.place);
    const isChanged = changedAt !== one.changedAt;
    one.changedAt = changedAt;
    return isChanged;
  }

  private encode(how: object, stream: number, rows: unknown[]): string {
    return JSON.stringify({ ...how, channel: 'quotes', stream, version: this.version, rows });
  }
}

function held(place: QuotePlace | undefined): Held {
  const generation = place?.chain.generation.number ?? 0;
  return { place, generation, changedAt: place?.chain.store.changedAt[slotOf(place)] ?? 0 };
}

function slotOf({ chain: { slots }, row }: QuotePlace): number {
  return row < 0 ? slots.spotSlot : slots.firstSlot + row;
}

function quoteOf(place: QuotePlace | undefined): Quote | null {
  if (!place) return null;
  const { ltp, bid, ask, volume, oi, updatedAt } = legUpdate(place.chain.store, slotOf(place));
  return { ltp, bid, ask, volume, oi, updatedAt };
}
