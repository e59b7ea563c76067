import type { Random } from '@strikewire/runtime';
import type { Fault, FaceName } from '@strikewire/simulator';
import type { FailoverRun, RoomOf } from './failover-run';
import type { AccountName } from './failover-world';

/** Something that goes wrong, when, and for whom it speaks. */
export interface Mishap {
  atMs: number;
  text: string;
  /** Where something is wrong from then on. */
  broker?: FaceName;
  fault?: Fault;
  strike(run: FailoverRun): void;
}

const minuteMs = 60_000;
/** Nothing new goes wrong after this; then everything is put right. */
export const troubleMs = 10 * minuteMs;
/** The whole of it: what is put right has this long to show it. */
export const storyMs = 15 * minuteMs;

const faces: readonly FaceName[] = ['dhan', 'dhan', 'dhan', 'upstox', 'openalgo'];
const lengths = [3_000, 10_000, 30_000, 90_000, 240_000];

/** What may go wrong at a broker; each is drawn with its own figures. */
const kinds: readonly ((random: Random, forMs: number) => Omit<Fault, 'broker'>)[] = [
  () => ({ kind: 'dropSocket', socket: 'all' }),
  (random) => ({ kind: 'dropSocket', socket: 1 + Math.floor(random.next() * 3) }),
  (_, forMs) => ({ kind: 'muteSocket', socket: 'all', forMs }),
  (_, forMs) => ({ kind: 'muteSocket', socket: 1, stopPings: true, forMs }),
  (_, forMs) => ({ kind: 'halfOpen', socket: 'all', forMs }),
  (random, forMs) => ({
    kind: 'handshakeStatus', status: pick(random, [401, 403, 429, 500, 503]), forMs,
  }),
  (random, forMs) => ({
    kind: 'restError', path: '*', answer: 'status', status: pick(random, [429, 500, 503]), forMs,
  }),
  (_, forMs) => ({ kind: 'restError', path: '*', answer: 'hang', forMs }),
  (_, forMs) => ({ kind: 'restError', path: '*', answer: 'html', forMs }),
  (_, forMs) => ({ kind: 'delayPackets', delayMs: 4_000, forMs }),
  (_, forMs) => ({ kind: 'latePackets', lateMs: 6_000, probability: 0.3, forMs }),
  (_, forMs) => ({ kind: 'duplicatePackets', probability: 0.3, forMs }),
  (_, forMs) => ({ kind: 'outOfOrderPackets', probability: 0.3, forMs }),
  (_, forMs) => ({ kind: 'tornFrames', probability: 0.2, forMs }),
  (_, forMs) => ({ kind: 'corruptFrames', probability: 0.2, forMs }),
  (random, forMs) => ({
    kind: 'clockSkew', skewMs: Math.round((random.next() - 0.5) * 600_000), forMs,
  }),
  (_, forMs) => ({ kind: 'suspendAccount', forMs }),
  () => ({ kind: 'expireToken' }),
  (random, forMs) => ({
    kind: 'outage', answer: random.next() < 0.5 ? 'status' : 'hang', forMs,
  }),
];

/** What goes wrong in a run, by its seed: one to seven mishaps, flapping among them. */
export function failoverStory(random: Random): Mishap[] {
  const count = 1 + Math.floor(random.next() * 7);
  const mishaps = Array.from({ length: count }, () => mishap(random)).flat();
  return mishaps.filter(({ atMs }) => atMs < troubleMs).sort((a, b) => a.atMs - b.atMs);
}

function mishap(random: Random): Mishap[] {
  const atMs = Math.round(random.next() * troubleMs);
  const dice = random.next();
  if (dice < 0.05) {
    const jumpMs = Math.round((random.next() - 0.5) * 2 * 3_600_000);
    return [{
      atMs, text: `the clock jumps by ${jumpMs} ms`, strike: (run) => run.clock.jumpWall(jumpMs),
    }];
  }
  if (dice < 0.1) {
    const name = pick(random, ['dhan 1', 'dhan 2', 'upstox'] as const);
    return [{ atMs, text: `${name} gets new credentials`, strike: (run) => run.renew(name) }];
  }
  const broker = pick(random, faces);
  const forMs = pick(random, lengths);
  const detail = pick(random, kinds)(random, forMs);
  const fault = { ...detail, broker } as Fault;
  const repeats = dice > 0.9 ? 6 : 1;
  return Array.from({ length: repeats }, (_, index) => ({
    atMs: atMs + index * 20_000,
    text: `${broker}: ${JSON.stringify(detail)}`,
    broker,
    fault,
    strike: (run: FailoverRun) => void run.simulator.faults.add(fault),
  }));
}

function pick<T>(random: Random, list: readonly T[]): T {
  return list[Math.floor(random.next() * list.length)] as T;
}

/** The accounts of a run, by its seed: more often several than one. */
export function storyAccounts(random: Random): readonly AccountName[] {
  return pick(random, [
    ['dhan 1'],
    ['dhan 1', 'dhan 2'],
    ['dhan 1', 'upstox'],
    ['dhan 1', 'openalgo'],
    ['dhan 1', 'dhan 2', 'upstox'],
    ['dhan 1', 'dhan 2', 'upstox', 'openalgo'],
  ] as const);
}

/** In some runs all accounts but the first have room for less than there is. */
export function storyRoom(random: Random, names: readonly AccountName[]): RoomOf {
  if (random.next() >= 0.3) return {};
  return Object.fromEntries(names.slice(1).map((name) => [name, pick(random, [8, 15, 30])]));
}
