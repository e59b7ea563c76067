import type {
  AccountState,
  SupervisedAccount,
  SupervisorEffect,
  SupervisorEvent,
  SupervisorState,
  SupervisorTimes,
  SwitchCause,
} from './supervisor-state';

/** What one event means, before anybody else carries because of it. */
export interface Change {
  state: SupervisorState;
  effects: SupervisorEffect[];
  cause: SwitchCause;
  account: string | null;
  reason: string;
  faultMono: number;
}

/** Failures of an account that are remembered. */
const failuresMax = 20;
/** A broker is not given up for fewer. */
const strikesMin = 3;
/** Nor because of one endpoint of one account that has failed fewer times in a row. */
const strikesOfOne = 6;

/** What an event means for what is known, and for whom it speaks. */
export function takeEvent(
  state: SupervisorState,
  event: SupervisorEvent,
  nowMono: number,
  times: SupervisorTimes,
): Change {
  switch (event.type) {
    case 'accounts':
      return takeAccounts(state, event, nowMono);
    case 'feed':
      return takeFeed(state, event, nowMono, times);
    case 'refused':
      return takeRefusal(state, event, nowMono, times);
    case 'renewed':
      return takeRenewal(state, event, nowMono);
    case 'admitted':
      return change(state, event.account, nowMono, (one) =>
        isLetIn(one) ? { ...one, ...fitAgain(nowMono) } : one);
    case 'rest':
      return takeRest(state, event, nowMono, times);
    case 'look': {
      const isAskedAgain = state.brokers.size > 0;
      return { ...unchanged(state, nowMono), effects: isAskedAgain ? [{ type: 'rest' }] : [] };
    }
  }
}

function takeAccounts(
  state: SupervisorState,
  { accounts, forced, drained }: Extract<SupervisorEvent, { type: 'accounts' }>,
  nowMono: number,
): Change {
  const held = new Map(state.accounts.map((one) => [one.id, one]));
  const next = accounts.map((one): AccountState => {
    const known = held.get(one.id);
    if (known?.version === one.version) return { ...known, ...one };
    // A token that was had anew: it is as it was, but has to be well for a while.
    if (known?.standing === 'renewing') return { ...known, ...one, ...fitAgain(nowMono) };
    // Other credentials: nothing is known of these yet, but that they may have been had anew.
    return { ...newAccount(one), renewedMono: known?.renewedMono ?? -Infinity };
  });
  const isByHand = forced !== state.forced || !isSameSet(drained, state.drained);
  // Whom a person wants does not wait until it was well for a while.
  const wanted = forced === state.forced ? null : forced;
  const known = next.map((one) => (one.id === wanted ? { ...one, fitMono: -Infinity } : one));
  // Whoever gives an account other credentials wants its broker to be asked again.
  const brokers = new Map(state.brokers);
  for (const { id, version, broker } of accounts) {
    if (held.has(id) && held.get(id)?.version !== version) brokers.delete(broker);
  }
  return {
    ...unchanged({ ...state, accounts: known, brokers, forced, drained }, nowMono),
    cause: isByHand ? 'by_hand' : 'accounts',
    reason: isByHand ? 'by hand' : 'the accounts are others',
  };
}

function takeFeed(
  state: SupervisorState,
  { account, wanted, live, isMute }: Extract<SupervisorEvent, { type: 'feed' }>,
  nowMono: number,
  { darkMs, muteMs }: SupervisorTimes,
): Change {
  return change(state, account, nowMono, (one) => {
    const isDark = wanted > 0 && live === 0;
    const sinceMono = isMute ? nowMono - (darkMs - muteMs) : nowMono;
    const darkMono = isDark ? (one.darkMono ?? sinceMono) : null;
    // With nothing to do it has shown nothing.
    const isBack = one.standing === 'lost' && live > 0;
    return { ...one, wanted, live, darkMono, ...(isBack && fitAgain(nowMono)) };
  });
}

function takeRefusal(
  state: SupervisorState,
  event: Extract<SupervisorEvent, { type: 'refused' }>,
  nowMono: number,
  { renewMs }: SupervisorTimes,
): Change {
  const held = state.accounts.find(({ id }) => id === event.account);
  if (!held || !isOpenToRefusal(held)) return unchanged(state, nowMono);
  const isRenewable =
    event.kind === 'auth' && held.canRenew && nowMono - held.renewedMono >= renewMs;
  if (event.isRest && isIrreplaceable(state, held)) {
    const next = change(state, held.id, nowMono, (one) =>
      isRenewable ? { ...one, renewedMono: nowMono } : one);
    if (isRenewable) next.effects.push({ type: 'renew', account: held.id });
    return next;
  }
  const parked = event.kind === 'suspended' ? 'suspended' : 'parked';
  const standing: AccountState['standing'] = isRenewable ? 'renewing' : parked;
  const { reason } = event;
  const renewedMono = isRenewable ? nowMono : held.renewedMono;
  const next = change(state, event.account, nowMono, (one) =>
    ({ ...one, standing, reason, renewedMono }));
  next.effects.push(
    isRenewable
      ? { type: 'renew', account: event.account }
      : { type: 'parked', account: event.account, reason },
  );
  const cause = event.kind === 'suspended' ? 'suspended' : 'auth';
  return { ...next, cause, reason };
}

function takeRenewal(
  state: SupervisorState,
  { account, isGranted, reason }: Extract<SupervisorEvent, { type: 'renewed' }>,
  nowMono: number,
): Change {
  const held = state.accounts.find(({ id }) => id === account);
  if (held?.standing !== 'renewing') return unchanged(state, nowMono);
  const next = change(state, account, nowMono, (one) =>
    isGranted ? { ...one, ...fitAgain(nowMono) } : { ...one, standing: 'parked', reason });
  if (!isGranted) next.effects.push({ type: 'parked', account, reason });
  return next;
}

function takeRest(
  state: SupervisorState,
  { account, class: one, endpoint, outcome }: Extract<SupervisorEvent, { type: 'rest' }>,
  nowMono: number,
  times: SupervisorTimes,
): Change {
  const held = state.accounts.find(({ id }) => id === account);
  if (!held) return unchanged(state, nowMono);
  if (outcome === 'throttled') {
    const diverted = new Map(held.diverted).set(one, nowMono + times.divertMs);
    const next = change(state, account, nowMono, (it) => ({ ...it, diverted }));
    next.effects.push({ type: 'rest' });
    return next;
  }
  if (outcome === 'failed') {
    const fromMono = nowMono - times.failureWindowMs;
    const failures = [
      ...held.failures.filter(({ atMono }) => atMono > fromMono).slice(1 - failuresMax),
      { endpoint, atMono: nowMono },
    ];
    const next = change(state, account, nowMono, (it) => ({ ...it, failures }));
    return strike(next, held.broker, nowMono, times);
  }
  if (held.failures.length === 0 && !state.brokers.has(held.broker)) {
    return unchanged(state, nowMono);
  }
  return answered(state, held, nowMono);
}

/** An answer: the broker is there, and what failed before says nothing any more. */
function answered(state: SupervisorState, held: AccountState, nowMono: number): Change {
  const next = change(state, held.id, nowMono, (it) => ({ ...it, failures: [] }));
  if (!state.brokers.has(held.broker)) return next;
  const brokers = new Map(state.brokers);
  brokers.delete(held.broker);
  next.effects.push({ type: 'rest' });
  return { ...next, state: { ...next.state, brokers }, cause: 'recovered' };
}

/**
 * A broker is down when several accounts fail, or several endpoints, or one many times in a row,
 * and nothing answers.
 */
function strike(next: Change, broker: string, nowMono: number, times: SupervisorTimes): Change {
  const held = next.state.brokers.get(broker);
  if (held && held.untilMono > nowMono) return next;
  const fromMono = nowMono - times.failureWindowMs;
  const failing = next.state.accounts
    .filter((one) => one.broker === broker)
    .map(({ failures }) => failures.filter(({ atMono }) => atMono > fromMono))
    .filter(({ length }) => length > 0);
  const all = failing.flat();
  const endpoints = new Set(all.map(({ endpoint }) => endpoint));
  const isWide = failing.length > 1 || endpoints.size > 1 || all.length >= strikesOfOne;
  // Once struck, the first failure of the next try is enough.
  if (!held && (!isWide || all.length < strikesMin)) return next;
  const strikes = (held?.strikes ?? 0) + 1;
  const waitMs = Math.min(times.probeMostMs, times.probeMs * 2 ** (strikes - 1));
  const brokers = new Map(next.state.brokers).set(broker, { strikes, untilMono: nowMono + waitMs });
  return {
    ...next,
    state: { ...next.state, brokers },
    effects: [...next.effects, { type: 'rest' }],
    cause: 'broker_down',
    reason: `${all.length} requests in a row were not answered`,
    faultMono: Math.min(nowMono, ...all.map(({ atMono }) => atMono)),
  };
}

/** What the broker has closed stays so until its credentials are others. */
function isLetIn({ standing }: AccountState): boolean {
  return standing === 'parked' || standing === 'renewing';
}

/** Its sockets deliver, and nobody else could. */
function isIrreplaceable({ accounts, drained }: SupervisorState, held: AccountState): boolean {
  const isOther = ({ id, standing }: AccountState): boolean =>
    id !== held.id && standing === 'fit' && !drained.has(id);
  return held.live > 0 && !accounts.some(isOther);
}

function isOpenToRefusal({ standing }: AccountState): boolean {
  return standing === 'fit' || standing === 'lost';
}

function newAccount(account: SupervisedAccount): AccountState {
  return {
    ...account,
    standing: 'fit',
    reason: null,
    wanted: 0,
    live: 0,
    darkMono: null,
    fitMono: -Infinity,
    renewedMono: -Infinity,
    diverted: new Map(),
    failures: [],
  };
}

function fitAgain(nowMono: number): Pick<AccountState, 'standing' | 'reason' | 'fitMono'> {
  return { standing: 'fit', reason: null, fitMono: nowMono };
}

function change(
  state: SupervisorState,
  id: string,
  nowMono: number,
  to: (account: AccountState) => AccountState,
): Change {
  const accounts = state.accounts.map((one) => (one.id === id ? to(one) : one));
  return { ...unchanged({ ...state, accounts }, nowMono), account: id };
}

function unchanged(state: SupervisorState, nowMono: number): Change {
  return {
    state, effects: [], cause: 'recovered', account: null, reason: 'well again', faultMono: nowMono,
  };
}

function isSameSet(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one.size === other.size && [...one].every((id) => other.has(id));
}
