import type { FailoverAccount, FailoverEventRow } from '@strikewire/contracts';
import { instantLabel, spanLabel } from '../../format/instants';
import { grouped } from '../../format/numbers';
import { ageLabel } from '../../format/times';
import { counted } from '../universe/universe-words';

/** A word, and how it reads. */
export interface Said {
  text: string;
  tone: '' | 'good' | 'late' | 'bad' | 'own';
}

export const roleWords: Readonly<Record<FailoverAccount['role'], Said>> = {
  carrier: { text: 'carries', tone: 'good' },
  observer: { text: 'observes', tone: '' },
  reserve: { text: 'in reserve', tone: '' },
  resting: { text: 'rests', tone: 'late' },
  drained: { text: 'drained', tone: 'late' },
};

/** Of accounts that are fit nothing is said. */
export const standingWords: Readonly<Record<FailoverAccount['standing'], Said | null>> = {
  fit: null,
  lost: { text: 'lost', tone: 'bad' },
  renewing: { text: 'renews its token', tone: 'late' },
  parked: { text: 'parked', tone: 'bad' },
  suspended: { text: 'suspended', tone: 'bad' },
};

export const causeWords: Readonly<Record<FailoverEventRow['cause'], string>> = {
  socket_lost: 'Socket lost',
  feed_lost: 'Feed lost',
  auth: 'Token refused',
  suspended: 'Account suspended',
  broker_down: 'Broker down',
  recovered: 'Well again',
  by_hand: 'By hand',
  accounts: 'Accounts changed',
};

/** What had to take over, by level. */
export function levelWord(level: number): Said {
  if (level === 1) return { text: 'socket', tone: '' };
  if (level === 2) return { text: 'account', tone: 'late' };
  return level === 3 ? { text: 'broker', tone: 'bad' } : { text: 'no fault', tone: '' };
}

/** `340 ms`, `1.3 s`, `2 min`. */
export function tookLabel(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  return ms < 60_000 ? `${(ms / 1_000).toFixed(1)} s` : spanLabel(ms);
}

const instant = /\b\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)/g;

/** A text of the platform with its times as people say them: `good until 25 Nov 03:30`. */
export function withTimes(text: string, wallMs: number): string {
  return text.replace(instant, (at) => instantLabel(at, wallMs));
}

/** `North A`, `North A and North B`; nobody when there is none. */
export function namesOf(labels: readonly string[]): string {
  if (labels.length < 2) return labels[0] ?? 'nobody';
  return `${labels.slice(0, -1).join(', ')} and ${labels.at(-1) ?? ''}`;
}

/** From where on something costs an account of its score. */
const worthSaying = { tickMs: 5_000, restMs: 500, budgetPercent: 80 } as const;

/** Of full books only what keeps them away: five levels of every contract come all the same. */
function depthNote(depth: FailoverAccount['depth']): string | null {
  if (depth?.state !== 'parked' && depth?.state !== 'waiting') return null;
  const standing = depth.state === 'parked' ? 'full books are refused' : 'full books are away';
  return depth.reason === null ? standing : `${standing}: ${depth.reason}`;
}

/** What speaks against an account now, each in a few plain words. */
export function notesOf(
  account: FailoverAccount,
  { isOpen, nowMs }: { isOpen: boolean; nowMs: number },
): string[] {
  const { role, reason, sockets, tickAgeMs, failures, restMs, budgetPercent, diverted } = account;
  // That none is live is what the reason says.
  const missing = reason !== null && sockets.live === 0 ? 0 : sockets.wanted - sockets.live;
  const notes: (string | false | null)[] = [
    role === 'drained' && 'taken out of service by hand',
    reason,
    missing > 0 && `${missing} of ${counted(sockets.wanted, 'socket')} not live`,
    isOpen && sockets.wanted > 0 && (tickAgeMs ?? 0) >= worthSaying.tickMs &&
      `last tick ${ageLabel(tickAgeMs ?? 0)} ago`,
    depthNote(account.depth),
    failures > 0 && `${counted(failures, 'request')} in a row without an answer`,
    (restMs ?? 0) >= worthSaying.restMs && `answers take ${tookLabel(restMs ?? 0)}`,
    budgetPercent >= worthSaying.budgetPercent &&
      `its limits are used to ${grouped(Math.round(budgetPercent))}%`,
    ...diverted.map((one) =>
      `${one.class} requests go to others until ${instantLabel(one.until, nowMs)}`),
  ];
  return notes.flatMap((note) => (note ? [note] : []));
}
