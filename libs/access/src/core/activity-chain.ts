import type { Activity } from '@strikewire/contracts';

/** An entry as the chain takes it: what was there before and after as exact texts. */
export interface ChainEntry extends Omit<Activity, 'hash' | 'before' | 'after'> {
  before: string | null;
  after: string | null;
}

/** A keyed digest of a text, hexadecimal: who has not the key cannot make one. */
export type Mac = (text: string) => string;

/** An entry as the one after it knows it. */
export interface ChainLink {
  readonly sequence: number;
  readonly hash: string;
}

/** Where the chain ends: kept apart from the entries, so that a cut at its end shows. */
export interface ChainHead extends ChainLink {
  /** Over sequence and hash. */
  readonly seal: string;
}

/** What the first entry follows. */
export const chainStart = { sequence: 0, hash: '0'.repeat(64) } as const;

/** The hash of an entry, over all that it says and the hash of the one before it. */
export function entryHash(mac: Mac, entry: ChainEntry, previousHash: string): string {
  return mac(`entry\n${previousHash}\n${canonicalJson(entry)}`);
}

/** The head after an entry. */
export function headOf(mac: Mac, last: ChainLink): ChainHead {
  const { sequence, hash } = last;
  return { sequence, hash, seal: mac(`head\n${sequence}\n${hash}`) };
}

/**
 * What the next entry follows: the head, when it is sealed and not behind the `newest` entry that
 * is known. Else the log was cut, and goes on behind a gap that shows for good.
 */
export function linkAfter(
  mac: Mac,
  head: ChainHead | undefined,
  newest: ChainLink,
): ChainLink | 'cut' {
  if (head === undefined || headOf(mac, head).seal !== head.seal) return 'cut';
  const isBehind = head.sequence < newest.sequence;
  const isOther = head.sequence === newest.sequence && head.hash !== newest.hash;
  return isBehind || isOther ? 'cut' : head;
}

/** Follows a chain entry by entry, and says in plain words where it is first broken. */
export class ChainWalk {
  private readonly mac: Mac;
  private readonly newest: ChainLink;
  private sequence: number = chainStart.sequence;
  private hash: string = chainStart.hash;
  private found: string | null = null;

  /** `newest`: the last entry that is known from elsewhere to have been written. */
  constructor(mac: Mac, newest: ChainLink = chainStart) {
    this.mac = mac;
    this.newest = newest;
  }

  get entries(): number {
    return this.sequence;
  }

  get problem(): string | null {
    return this.found;
  }

  /** Takes the next entry in order of sequence; false once the chain is broken. */
  follow(entry: ChainEntry, hash: string): boolean {
    if (this.found !== null) return false;
    const expected = this.sequence + 1;
    if (entry.sequence !== expected) {
      this.found = `entry ${expected} is missing: after ${this.sequence} comes ${entry.sequence}`;
    } else if (entryHash(this.mac, entry, this.hash) !== hash) {
      this.found = `entry ${expected} is not as it was written`;
    } else if (expected === this.newest.sequence && hash !== this.newest.hash) {
      this.found = `entry ${expected} is not the one that was written first`;
    }
    if (this.found !== null) return false;
    this.sequence = expected;
    this.hash = hash;
    return true;
  }

  /** After the last entry: whether the chain ends where its head says. */
  finish(head: ChainHead | undefined): void {
    if (this.found !== null) return;
    if (head === undefined) {
      this.found = 'the record of the last entry is missing';
      return;
    }
    const sealed = headOf(this.mac, head);
    if (sealed.seal !== head.seal) this.found = 'the record of the last entry was altered';
    else if (head.sequence > this.sequence) {
      this.found = `entries ${this.sequence + 1} to ${head.sequence} are missing at the end`;
    } else if (head.sequence < this.sequence || head.hash !== this.hash) {
      this.found = `the log ends at entry ${this.sequence}, its record at ${head.sequence}`;
    } else if (this.sequence < this.newest.sequence) {
      const missing = `${this.sequence + 1} to ${this.newest.sequence}`;
      this.found = `entries ${missing} are missing at the end: an earlier state was put back`;
    }
  }
}

/** JSON with the fields of every object in order: the same for the same content. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value)
    .filter(([, one]) => one !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, one]) => `${JSON.stringify(name)}:${canonicalJson(one)}`);
  return `{${fields.join(',')}}`;
}
