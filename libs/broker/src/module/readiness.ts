import { indiaIsoOf, type Account, type Readiness } from '@strikewire/contracts';

type ReadinessItem = Readiness['items'][number];

/** A token, as far as it is known. */
export interface TokenLife {
  /** Epoch ms; null: it never ends, or nobody says when. */
  expiresMs: number | null;
  /** Whether another one can be had without a person. */
  canRenew: boolean;
}

/** What is known of the day that comes, beside the accounts. Times: epoch ms. */
export interface ReadinessFacts {
  /** The next open; null when none is known, or the market never closes. */
  nextOpenMs: number | null;
  /** The close that tokens have to outlive: of the day that goes on, else of the next one. */
  closeMs: number | null;
  /** Whether the hours of the next day are known, in plain words. */
  hours: ReadinessItem;
  chains: {
    built: number;
    wanted: number;
    /** The next build; null when none is planned. */
    nextBuildMs: number | null;
  };
}

/** An account with its token. */
export interface AccountToken {
  account: Account;
  token: TokenLife;
}

/** A check that is older says little of now. */
const checkOldMs = 30 * 60_000;
/** Above this share of a limit there is little left for a build. */
const budgetFull = 0.8;

/** What has to be right before the market opens, each thing with what was found. */
export function readinessOf(
  accounts: readonly AccountToken[],
  facts: ReadinessFacts | undefined,
  nowMs: number,
): Readiness {
  const enabled = accounts.filter(({ account }) => account.enabled);
  return {
    nextOpen: timeOf(facts?.nextOpenMs ?? null),
    items: [
      ...enabled.flatMap((one) => [
        tokenItem(one, facts?.closeMs ?? null, nowMs),
        checkItem(one.account, nowMs),
        budgetItem(one.account),
      ]),
      ...(facts ? [facts.hours, chainsItem(facts)] : []),
      standbyItem(enabled.map(({ account }) => account)),
    ],
  };
}

function tokenItem(
  { account: { label }, token: { expiresMs, canRenew } }: AccountToken,
  closeMs: number | null,
  nowMs: number,
): ReadinessItem {
  const name = `Token of ${label}`;
  if (expiresMs === null) return item(name, 'ok', 'its end is not told by the broker');
  const end = indiaIsoOf(expiresMs);
  if (expiresMs <= nowMs) return item(name, 'failed', `it ended at ${end}: replace it`);
  if (closeMs === null || expiresMs > closeMs) return item(name, 'ok', `good until ${end}`);
  const until = `it ends at ${end}, before the close at ${indiaIsoOf(closeMs)}`;
  if (canRenew) return item(name, 'ok', `${until}, and is had anew by itself`);
  return item(name, 'warning', `${until}: replace it`);
}

function checkItem(account: Account, nowMs: number): ReadinessItem {
  const { label, lastCheck, stateReason } = account;
  const name = `Connection of ${label}`;
  if (!isWorking(account)) return item(name, 'failed', stateReason ?? 'the broker refused it');
  if (stateReason !== null) return item(name, 'warning', stateReason);
  if (!lastCheck) return item(name, 'warning', 'it was not tested yet');
  if (!lastCheck.ok) return item(name, 'failed', lastCheck.message);
  const isOld = nowMs - Date.parse(lastCheck.at) > checkOldMs;
  const message = `${lastCheck.message} Tested at ${lastCheck.at}`;
  return item(name, isOld ? 'warning' : 'ok', message);
}

/** Of those that are switched on: neither refused, nor without their plugin. */
function isWorking({ state }: Account): boolean {
  return state === 'in_use' || state === 'ready';
}

function budgetItem({ label, budget }: Account): ReadinessItem {
  const name = `Requests left of ${label}`;
  const long = budget.filter(({ windowMs }) => windowMs > 60_000);
  const [fullest] = [...(long.length > 0 ? long : budget)].sort(
    (a, b) => b.used / b.limit - a.used / a.limit,
  );
  if (!fullest) return item(name, 'ok', 'it has no limits');
  const { used, limit, windowMs } = fullest;
  const isFull = used / limit > budgetFull;
  const left = `${Math.max(0, limit - used)} of ${limit} are left in ${windowMs / 1_000} s`;
  return item(name, isFull ? 'warning' : 'ok', `${left} (${fullest.class})`);
}

function chainsItem({ chains: { built, wanted, nextBuildMs } }: ReadinessFacts): ReadinessItem {
  const name = 'Chains';
  const next = nextBuildMs === null ? '' : `; the next build is at ${indiaIsoOf(nextBuildMs)}`;
  const message = `${built} of ${wanted} are built${next}`;
  if (built >= wanted && wanted > 0) return item(name, 'ok', message);
  return item(name, nextBuildMs === null && built === 0 ? 'failed' : 'warning', message);
}

function standbyItem(enabled: readonly Account[]): ReadinessItem {
  const name = 'Standby';
  const fit = enabled.filter(isWorking);
  const brokers = new Set(fit.map(({ broker }) => broker)).size;
  if (fit.length === 0) return item(name, 'failed', 'no account works: add one, or mend one');
  const message = `${fit.length} accounts of ${brokers} brokers work`;
  if (brokers > 1) return item(name, 'ok', message);
  const missing = fit.length === 1 ? 'account' : 'broker';
  return item(name, 'warning', `no second ${missing} is there to take over: add one`);
}

function item(
  name: string,
  state: ReadinessItem['state'],
  message: string,
): ReadinessItem {
  return { name, state, message };
}

function timeOf(ms: number | null): string | null {
  return ms === null ? null : indiaIsoOf(ms);
}
