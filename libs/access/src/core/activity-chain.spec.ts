import { createHmac } from 'node:crypto';
import { createSeededRandom, type Random } from '@strikewire/runtime';
import { describe, expect, it } from 'vitest';
import {
  canonicalJson,
  chainStart,
  ChainWalk,
  entryHash,
  headOf,
  type ChainEntry,
  type ChainHead,
  type ChainLink,
  type Mac,
} from './activity-chain';

const macOf = (key: string): Mac => (text) => createHmac('sha256', key).update(text).digest('hex');
const mac = macOf('the key of the log');

interface Log {
  entries: { entry: ChainEntry; hash: string }[];
  head: ChainHead | undefined;
}

const whole = (random: Random, below: number): number => Math.floor(random.next() * below);
const pick = <T>(random: Random, list: readonly T[]): T => list[whole(random, list.length)] as T;
const words = ['', 'admin', 'मीरा', 'a"b', '\n', 'null', '{}', '*', 'x'.repeat(200)];

function writtenLog(random: Random, count: number): Log {
  const log: Log = { entries: [], head: undefined };
  let last: { sequence: number; hash: string } = chainStart;
  for (let index = 0; index < count; index++) {
    const text = (): string => pick(random, words);
    const facts = (): string | null =>
      random.next() < 0.3 ? null : canonicalJson({ name: text(), count: whole(random, 9) });
    const entry: ChainEntry = {
      sequence: last.sequence + 1,
      at: `2026-11-24T10:00:${String(whole(random, 60)).padStart(2, '0')}.000+05:30`,
      actor: { kind: 'person', userId: random.next() < 0.5 ? null : text(), name: text() },
      action: pick(random, ['user.changed', 'key.created']),
      subject: { kind: 'user', id: text(), name: text() },
      before: facts(),
      after: facts(),
      address: random.next() < 0.2 ? null : '10.0.0.1',
      requestId: random.next() < 0.2 ? null : `r-${index}`,
    };
    const hash = entryHash(mac, entry, last.hash);
    last = { sequence: entry.sequence, hash };
    log.entries.push({ entry, hash });
    log.head = headOf(mac, last);
  }
  return log;
}

function problemOf({ entries, head }: Log, key = mac): string | null {
  const walk = new ChainWalk(key);
  for (const { entry, hash } of entries) if (!walk.follow(entry, hash)) break;
  walk.finish(head);
  return walk.problem;
}

type Tamper = (log: Log, random: Random) => void;
const anyOf = ({ entries }: Log, random: Random): Log['entries'][number] => pick(random, entries);

/** Each changes something for certain. */
const tampers: Readonly<Record<string, Tamper>> = {
  'changes a field': (log, random) => {
    const { entry } = anyOf(log, random);
    const fields = ['at', 'action', 'before', 'after', 'address', 'requestId'] as const;
    const field = pick(random, fields);
    entry[field] = `${entry[field] ?? ''}~`;
  },
  'changes whom an entry is of': (log, random) => {
    const { entry } = anyOf(log, random);
    const change = pick(random, [
      { actor: { ...entry.actor, name: `${entry.actor.name}~` } },
      { actor: { ...entry.actor, userId: `${entry.actor.userId ?? ''}~` } },
      { actor: { ...entry.actor, kind: 'key' as const } },
      { subject: { ...entry.subject, name: `${entry.subject.name}~` } },
      { subject: { ...entry.subject, id: `${entry.subject.id}~` } },
      { subject: { ...entry.subject, kind: 'key' } },
    ]);
    Object.assign(entry, change);
  },
  'makes nothing of something': (log, random) => {
    const { entry } = anyOf(log, random);
    entry.after = entry.after === null ? 'null' : null;
  },
  'changes a hash': (log, random) => {
    const one = anyOf(log, random);
    one.hash = `${one.hash.slice(1)}${one.hash.startsWith('0') ? '1' : '0'}`;
  },
  'removes an entry': ({ entries }, random) =>
    void entries.splice(whole(random, entries.length), 1),
  'removes an entry and numbers the rest anew': (log, random) => {
    log.entries.splice(whole(random, log.entries.length - 1), 1);
    log.entries.forEach(({ entry }, index) => (entry.sequence = index + 1));
  },
  'puts an entry in twice': (log, random) => {
    const at = whole(random, log.entries.length);
    log.entries.splice(at, 0, structuredClone(log.entries[at]!));
  },
  'puts an entry of its own in': (log, random) => {
    const at = whole(random, log.entries.length + 1);
    const entry = { ...anyOf(log, random).entry, sequence: at + 1, action: 'user.created' };
    const before = log.entries[at - 1]?.hash ?? chainStart.hash;
    log.entries.splice(at, 0, { entry, hash: entryHash(macOf('guessed'), entry, before) });
    log.entries.slice(at + 1).forEach((one) => one.entry.sequence++);
  },
  'swaps two': (log, random) => {
    const at = whole(random, log.entries.length - 1);
    const [one, other] = log.entries.slice(at, at + 2);
    log.entries.splice(at, 2, other!, one!);
  },
  'swaps two and their numbers': (log, random) => {
    const at = whole(random, log.entries.length - 1);
    const [one, other] = log.entries.slice(at, at + 2);
    [one!.entry.sequence, other!.entry.sequence] = [other!.entry.sequence, one!.entry.sequence];
    log.entries.splice(at, 2, other!, one!);
  },
  'cuts the end off': ({ entries }, random) =>
    void entries.splice(1 + whole(random, entries.length - 1)),
  'cuts the end off, and the head': (log, random) => {
    log.entries.splice(1 + whole(random, log.entries.length - 1));
    log.head = undefined;
  },
  'cuts the end off, and moves the head back': (log, random) => {
    log.entries.splice(1 + whole(random, log.entries.length - 1));
    const { entry, hash } = log.entries.at(-1)!;
    log.head = { ...log.head!, sequence: entry.sequence, hash };
  },
  'cuts the end off, and seals a head of its own': (log, random) => {
    log.entries.splice(1 + whole(random, log.entries.length - 1));
    const { entry, hash } = log.entries.at(-1)!;
    log.head = headOf(macOf('guessed'), { sequence: entry.sequence, hash });
  },
  'removes the head': (log) => void (log.head = undefined),
  'changes the seal': (log) => void (log.head = { ...log.head!, seal: '0'.repeat(64) }),
  'takes all entries away': (log) => void (log.entries = []),
};

describe('the chain', () => {
  const seeds = Array.from({ length: 40 }, (_, index) => index + 1);

  it.each(Object.keys(tampers))('shows it when somebody %s', (name) => {
    for (const seed of seeds) {
      const random = createSeededRandom(seed);
      const log = writtenLog(random, 2 + whole(random, 12));
      expect([seed, problemOf(log)]).toEqual([seed, null]);
      tampers[name]?.(log, random);
      expect([seed, problemOf(log)]).toEqual([seed, expect.any(String)]);
    }
  });

  it('is of one key', () => {
    const log = writtenLog(createSeededRandom(1), 3);
    expect(problemOf(log, macOf('another'))).toBe('entry 1 is not as it was written');
  });

  it('says where it is first broken', () => {
    const log = writtenLog(createSeededRandom(2), 6);
    log.entries[3]!.entry.action = 'x';
    expect(problemOf(log)).toBe('entry 4 is not as it was written');
    log.entries.splice(1, 1);
    expect(problemOf(log)).toBe('entry 2 is missing: after 1 comes 3');
  });

  it('is whole when nothing was ever written, and the start of it is sealed', () => {
    expect(problemOf({ entries: [], head: headOf(mac, chainStart) })).toBeNull();
    expect(problemOf({ entries: [], head: undefined })).toMatch(/last entry is missing/);
  });

  it('is held against the newest entry that is known from elsewhere', () => {
    const { entries, head } = writtenLog(createSeededRandom(3), 9);
    const held = (newest: ChainLink, count = 9): string | null => {
      const walk = new ChainWalk(mac, newest);
      for (const { entry, hash } of entries.slice(0, count)) walk.follow(entry, hash);
      const last = entries[count - 1];
      walk.finish(last && headOf(mac, { sequence: count, hash: last.hash }));
      return walk.problem;
    };
    expect(head).toMatchObject({ sequence: 9 });
    expect(held({ sequence: 9, hash: entries[8]?.hash ?? '' })).toBeNull();
    expect(held({ sequence: 4, hash: entries[3]?.hash ?? '' })).toBeNull();
    expect(held({ sequence: 4, hash: 'another' })).toMatch(/entry 4 is not the one/);
    expect(held({ sequence: 9, hash: entries[8]?.hash ?? '' }, 5)).toMatch(/6 to 9 are missing/);
  });

  it('takes an older head with its seal for what it is', () => {
    const older = writtenLog(createSeededRandom(3), 3);
    const log = writtenLog(createSeededRandom(3), 5);
    expect(problemOf({ entries: log.entries, head: older.head })).toBe(
      'the log ends at entry 5, its record at 3',
    );
  });
});

describe('canonicalJson', () => {
  it('is the same for the same content in another order, and says what is left out', () => {
    const one = { b: 1, a: [{ d: null, c: undefined }], '"': 'x' };
    const other = { '"': 'x', a: [{ d: null }], b: 1 };
    expect(canonicalJson(one)).toBe(canonicalJson(other));
    expect(JSON.parse(canonicalJson(one))).toEqual(other);
  });
});
