import { dueStretchOf, spacingMs } from './refresh-age';
import { chooseWork } from './refresh-choice';
import {
  isAskedFor,
  type AccountPace,
  type PacedAccount,
  type RefreshEffect,
  type RefreshEvent,
  type RefreshItem,
  type RefreshNow,
  type RefreshOutcome,
  type RefreshState,
  type RefreshWork,
} from './refresh-state';

/** A throttled account rests: a quarter of an hour while another can be asked. */
const throttledRestMs = 900_000;
const throttledAloneRestMs = 60_000;
/** Refused credentials do not mend by asking. */
const refusedRestMs = 300_000;
/** What failed is asked for again after this, doubled with every failure up to the most. */
const retryBaseMs = 5_000;
const retryMaxMs = 60_000;
/** A gap is filled no sooner than this after the last answer, however often a feed is lost. */
const gapRestMs = 60_000;
/** Nothing is left to do for so long that a look may be late. */
const lookMs = 10_000;

/** What the scheduler holds after an event, and what is to be done. */
export interface RefreshStep {
  state: RefreshState;
  effects: readonly RefreshEffect[];
}

/**
 * Decides what is asked of which account over REST, and when: never faster than an account's
 * limits allow for ever, and each key no sooner than its own interval. Something that is wanted
 * again while it waits, or is asked for, is asked for once. When the limits allow less than the
 * bounds of age need, all bounds stretch by the same factor, and the state says by how much. The
 * accounts' budgets stand behind this: a mistake here could be slow, but break no limit.
 */
export function stepRefresh(
  state: RefreshState,
  event: RefreshEvent,
  now: RefreshNow,
): RefreshStep {
  const { state: next, effects } = take(state, event, now);
  const sent = sendAll(next, now);
  return { state: sent.state, effects: [...effects, ...sent.effects] };
}

function take(state: RefreshState, event: RefreshEvent, now: RefreshNow): RefreshStep {
  switch (event.type) {
    case 'items':
      return quiet({ ...state, works: withItems(state.works, event.items) });
    case 'accounts': {
      const accounts = withAccounts(state.accounts, event.accounts, now);
      const next = { ...state, accounts };
      // Without an account nobody is asked again: whoever waits is told.
      return accounts.length === 0 ? refuseAll(next) : quiet(next);
    }
    case 'want':
      return quiet({ ...state, works: withWanted(state.works, event, now) });
    case 'used':
      return quiet(withAccount(state, event.account, { dayUsed: event.dayUsed }));
    case 'shedding':
      return quiet({ ...state, shedding: event.factor });
    case 'ended':
      return ended(state, event, now);
    case 'look':
      return quiet(state);
  }
}

function quiet(state: RefreshState): RefreshStep {
  return { state, effects: [] };
}

/** The given items are all that age; others stay for as long as somebody waits for them. */
function withItems(
  works: RefreshState['works'],
  items: readonly RefreshItem[],
): RefreshState['works'] {
  const next = new Map(
    items.map((item) => [item.key, { ...(works.get(item.key) ?? fresh), ...item }] as const),
  );
  for (const [key, work] of works) {
    const isNeeded = work.inFlight !== null || (work.wanted !== null && work.wanted !== 'gap');
    if (isNeeded && !next.has(key)) next.set(key, { ...work, isAged: false });
  }
  return next;
}

const fresh: Omit<RefreshWork, keyof RefreshItem> = {
  wanted: null,
  wantedMono: -Infinity,
  inFlight: null,
  triedMono: -Infinity,
  sentMono: -Infinity,
  notBeforeMono: -Infinity,
  failures: 0,
};

function withAccounts(
  held: readonly PacedAccount[],
  accounts: readonly AccountPace[],
  now: RefreshNow,
): PacedAccount[] {
  return accounts.map((account) => {
    const before = held.find(({ id }) => id === account.id);
    const start = {
      nextMono: now.mono, inFlight: 0, isLetIn: false, restUntilMono: -Infinity, dayUsed: 0,
    };
    const isRenewed = before !== undefined && before.version !== account.version;
    return { ...start, ...before, ...(isRenewed && { restUntilMono: -Infinity }), ...account };
  });
}

const strength = { admin: 3, build: 2, gap: 1 } as const;

function withWanted(
  works: RefreshState['works'],
  { items, reason }: Extract<RefreshEvent, { type: 'want' }>,
  now: RefreshNow,
): RefreshState['works'] {
  const next = new Map(works);
  for (const item of items) {
    const work = works.get(item.key) ?? { ...fresh, ...item };
    if (strength[work.wanted ?? reason] > strength[reason]) continue;
    const isNew = work.wanted !== reason;
    // Who asks does not wait for the end of a back-off; a gap does, and for its last filling.
    const notBeforeMono =
      reason === 'gap' ? Math.max(work.notBeforeMono, work.sentMono + gapRestMs) : -Infinity;
    const wantedMono = isNew ? now.mono : work.wantedMono;
    next.set(item.key, { ...work, wanted: reason, wantedMono, notBeforeMono });
  }
  return next;
}

function withAccount(
  state: RefreshState,
  id: string,
  change: Partial<PacedAccount>,
): RefreshState {
  const accounts = state.accounts.map((one) => (one.id === id ? { ...one, ...change } : one));
  return { ...state, accounts };
}

function ended(
  state: RefreshState,
  event: Extract<RefreshEvent, { type: 'ended' }>,
  now: RefreshNow,
): RefreshStep {
  const { key, account } = event;
  const at = state.accounts.find(({ id }) => id === account);
  // What was said to other credentials, or to an account that is gone, says nothing of these.
  const isOld = event.outcome !== 'answered' && at?.version !== event.version;
  const outcome = isOld ? 'failed' : event.outcome;
  let next = withAccount(state, account, { inFlight: Math.max(0, (at?.inFlight ?? 0) - 1) });
  const isElsewhere = hasOther(next, account, at?.builds === 'only', now);
  next = withAccount(next, account, restOf(outcome, isElsewhere, now));
  const work = next.works.get(key);
  const isAnsweredElsewhere = hasOther(next, account, work?.wanted === 'build', now);
  const isRetried = isAnsweredElsewhere && (outcome === 'throttled' || outcome === 'refused');
  const effects: RefreshEffect[] = [];
  if (work) next = withWork(next, afterwards(work, outcome, isRetried, now));
  // Whoever waits is told; an aged chain and a gap are tried again.
  if (outcome !== 'answered' && !isRetried) effects.push({ type: 'refuse', keys: [key] });
  if (outcome !== 'refused' || isElsewhere) return { state: next, effects };
  const refused = refuseAll(next);
  return { state: refused.state, effects: [...effects, ...refused.effects] };
}

function refuseAll(state: RefreshState): RefreshStep {
  const keys = [...state.works.values()].filter(isWaitedFor).map((one) => one.key);
  const works = withoutAsking(state.works, keys);
  return { state: { ...state, works }, effects: [{ type: 'refuse', keys }] };
}

/** Whether another account can be asked for such a thing. */
function hasOther(
  { accounts }: RefreshState,
  account: string,
  isBuild: boolean,
  { mono }: RefreshNow,
): boolean {
  return accounts.some(
    (one) => one.id !== account && one.restUntilMono <= mono && isAskedFor(one, isBuild),
  );
}

function restOf(
  outcome: RefreshOutcome,
  isElsewhere: boolean,
  { mono }: RefreshNow,
): Partial<PacedAccount> {
  if (outcome === 'refused') return { isLetIn: false, restUntilMono: mono + refusedRestMs };
  if (outcome !== 'throttled') return { isLetIn: true };
  return { restUntilMono: mono + (isElsewhere ? throttledRestMs : throttledAloneRestMs) };
}

function afterwards(
  work: RefreshWork,
  outcome: RefreshOutcome,
  isRetried: boolean,
  { mono }: RefreshNow,
): RefreshWork {
  const landed = { ...work, inFlight: null };
  if (outcome === 'answered') {
    return { ...landed, wanted: null, sentMono: work.triedMono, failures: 0 };
  }
  // Another account is asked at once: its key's interval is its own.
  if (isRetried) return { ...landed, triedMono: -Infinity };
  const waitMs = Math.min(retryMaxMs, retryBaseMs * 2 ** Math.min(work.failures, 8));
  const wanted = work.wanted === 'gap' ? 'gap' : null;
  return { ...landed, wanted, failures: work.failures + 1, notBeforeMono: mono + waitMs };
}

function isWaitedFor({ wanted, inFlight }: RefreshWork): boolean {
  return inFlight === null && (wanted === 'admin' || wanted === 'build');
}

function withoutAsking(
  works: RefreshState['works'],
  keys: readonly string[],
): RefreshState['works'] {
  const next = new Map(works);
  for (const key of keys) {
    const work = works.get(key);
    if (work) next.set(key, { ...work, wanted: null });
  }
  return next;
}

function withWork(state: RefreshState, work: RefreshWork): RefreshState {
  return { ...state, works: new Map(state.works).set(work.key, work) };
}

/** Sends whatever may be sent now, and says when the next may. */
function sendAll(start: RefreshState, now: RefreshNow): RefreshStep {
  // One copy for all that this step sends; the state that was given stays as it is.
  const works = new Map(start.works);
  let state: RefreshState = { ...start, works };
  const stretch = dueStretchOf(state, now);
  const effects: RefreshEffect[] = [];
  for (;;) {
    const { work, account, lookMono } = nextRequest(state, now, stretch);
    if (!work || !account) {
      const atMono = Math.max(now.mono + 1, Math.min(lookMono, now.mono + lookMs));
      if (state.accounts.length > 0 && state.works.size > 0) effects.push({ type: 'wake', atMono });
      return { state, effects };
    }
    const { id, version } = account;
    effects.push({ type: 'send', key: work.key, account: id, version });
    works.set(work.key, { ...work, inFlight: account.id, triedMono: now.mono });
    state = withAccount({ ...state, turns: state.turns + 1 }, account.id, {
      inFlight: account.inFlight + 1,
      nextMono: Math.max(account.nextMono, now.mono) + spacingMs(account, now),
      dayUsed: account.dayUsed + 1,
    });
  }
}

/** What is asked of whom; else when to look again. */
function nextRequest(
  state: RefreshState,
  now: RefreshNow,
  stretch: number,
): { work?: RefreshWork | undefined; account?: PacedAccount | undefined; lookMono: number } {
  let lookMono = Infinity;
  // Accounts that are asked for the same things are one row.
  for (const builds of new Set(state.accounts.map((one) => one.builds))) {
    const { work, nextMono: dueMono } = chooseWork(state, now, { stretch, builds });
    const alike = state.accounts.filter((one) => one.builds === builds);
    const { account, nextMono } = freeAccount(alike, now);
    if (work && account) return { work, account, lookMono };
    lookMono = Math.min(lookMono, work ? nextMono : dueMono);
  }
  return { lookMono };
}

/** The account that has waited longest for its turn; else when the next one may be asked. */
function freeAccount(
  accounts: readonly PacedAccount[],
  { mono }: RefreshNow,
): { account: PacedAccount | undefined; nextMono: number } {
  let account: PacedAccount | undefined;
  let nextMono = Infinity;
  for (const one of accounts) {
    // The first request shows whether the account is let in; the others wait for that.
    if (one.inFlight >= (one.isLetIn ? one.inFlightMax : 1)) continue;
    const readyMono = Math.max(one.nextMono, one.restUntilMono);
    if (readyMono > mono) nextMono = Math.min(nextMono, readyMono);
    else if (!account || one.nextMono < account.nextMono) account = one;
  }
  return { account, nextMono };
}
