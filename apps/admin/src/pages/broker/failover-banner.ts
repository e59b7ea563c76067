import type { Failover, FailoverAccount } from '@strikewire/contracts';
import { namesOf, standingWords, type Said } from './failover-words';

/** How the accounts stand as a whole. */
export function stateWord({ degraded, level, accounts }: Failover): Said {
  if (accounts.length === 0) return { text: 'no account', tone: 'late' };
  if (degraded) return { text: 'degraded', tone: 'bad' };
  if (level === 0) return { text: 'as wished', tone: 'good' };
  return level === 2
    ? { text: 'level 2: another account', tone: 'late' }
    : { text: 'level 3: another broker', tone: 'late' };
}

/** What is out of the ordinary, in plain words. */
export interface FailoverBanner {
  tone: 'bad' | 'late' | 'own';
  title: string;
  /** What fails, and who carries now. */
  what: string;
  /** What is done about it, and by whom. */
  next: string;
}

/** Null while everything is as it is wished to be. */
export function bannerOf(failover: Failover): FailoverBanner | null {
  const { degraded, level, accounts } = failover;
  const carriers = accounts.filter(({ role }) => role === 'carrier');
  const failing = failingOf(failover);
  const troubles = failing.map(troubleOf);
  if (degraded) {
    return {
      tone: 'bad',
      title: 'Nobody carries the data',
      what: sentences([...troubles, 'what is served is the cache, marked stale']),
      next: nextOf(failing),
    };
  }
  if (level === 0) return forcedBanner(failover);
  const carry = carriers.length === 1 ? 'carries' : 'carry';
  const told = `${namesOf(carriers.map(({ label }) => label))} ${carry} now`;
  return {
    tone: 'late',
    title: level === 2 ? 'Another account carries the data' : 'Another broker carries the data',
    what: sentences([...troubles, told]),
    next: failing.length > 0 ? nextOf(failing) : returning(failover),
  };
}

/** Those that would carry; of those that come after whoever carries it is said where they stand. */
function failingOf({ accounts, degraded, forced }: Failover): FailoverAccount[] {
  const failing = accounts.filter((one) => one.standing !== 'fit' || one.role === 'drained');
  const first = accounts.findIndex(({ role }) => role === 'carrier');
  return degraded || first < 0
    ? failing
    : failing.filter((one) => accounts.indexOf(one) < first || one.id === forced);
}

function forcedBanner({ forced, accounts }: Failover): FailoverBanner | null {
  const first = accounts.find(({ id }) => id === forced);
  if (!first) return null;
  return {
    tone: 'own',
    title: `${first.label} is put first by hand`,
    what: sentences([
      first.role === 'carrier'
        ? 'it carries the data before all others'
        : 'it carries the data as soon as it can',
    ]),
    next: 'The order below counts again when that is ended.',
  };
}

/** Nothing fails any more, but another one still carries. */
function returning({ forced, accounts }: Failover): string {
  const first = accounts.find(({ id }) => id === forced);
  if (first) return `${first.label} is put first by hand until that is ended.`;
  return (
    'What failed is well again. It takes over once it has been well for half a minute, and a ' +
    'minute has gone by since the last switch: so nothing goes to and fro.'
  );
}

function troubleOf({ label, role, standing, reason }: FailoverAccount): string {
  if (role === 'drained') return `${label} was taken out of service by hand`;
  const why = reason?.replace(/\.$/, '');
  return `${label} ${verbOf[standing]}${why ? ` (${why})` : ''}`;
}

const verbOf: Readonly<Record<FailoverAccount['standing'], string>> = {
  fit: 'is well',
  lost: 'is lost',
  renewing: `${standingWords.renewing?.text ?? ''}`,
  parked: 'is parked',
  suspended: 'is suspended',
};

const adviceOf: Readonly<Record<FailoverAccount['standing'], string>> = {
  fit: 'goes on',
  lost: 'goes on trying by itself, and carries again once it has been well for half a minute',
  renewing: 'carries again once its token is renewed',
  parked: 'waits for an admin: test it under Accounts, and give it a new token',
  suspended: 'stays out until the broker opens it again and its credentials are saved anew',
};

function nextOf(failing: readonly FailoverAccount[]): string {
  if (failing.length === 0) return 'It is tried again and again; look at Accounts meanwhile.';
  return sentences(
    failing.map(({ label, role, standing }) =>
      role === 'drained'
        ? `${label} carries nothing until it is put back`
        : `${label} ${adviceOf[standing]}`,
    ),
  );
}

/** Each with a capital letter and a full stop. */
function sentences(parts: readonly string[]): string {
  return parts.map((part) => `${part.charAt(0).toUpperCase()}${part.slice(1)}.`).join(' ');
}
