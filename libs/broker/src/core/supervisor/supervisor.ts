import { takeEvent, type Change } from './supervisor-events';
import { nextReturnMono, rolesOf } from './supervisor-roles';
import {
  supervisorTimes,
  type AccountState,
  type SupervisorEffect,
  type SupervisorEvent,
  type SupervisorState,
  type SupervisorTimes,
  type SwitchCause,
} from './supervisor-state';

/** What a step comes to. */
export interface SupervisorStep {
  state: SupervisorState;
  effects: SupervisorEffect[];
}

/**
 * Decides who carries the data. Pure: the same events at the same times always give the same
 * decisions. Whoever fails is replaced at once; whoever recovers comes back late.
 */
export function stepSupervisor(
  before: SupervisorState,
  event: SupervisorEvent,
  nowMono: number,
  times: SupervisorTimes = supervisorTimes,
): SupervisorStep {
  const noticed = noticeDark(takeEvent(before, event, nowMono, times), nowMono, times);
  const probed = forgetPast(noticed.state, nowMono);
  return settle(before, { ...noticed, state: probed }, nowMono, times);
}

/** Whoever has been without a live socket for too long is lost. */
function noticeDark(change: Change, nowMono: number, times: SupervisorTimes): Change {
  const { darkMs } = times;
  const dark = change.state.accounts.find(
    ({ standing, darkMono }) =>
      standing === 'fit' && darkMono !== null && nowMono - darkMono >= darkMs,
  );
  if (!dark) return change;
  const reason = `no live socket for ${darkMs / 1_000} s`;
  const accounts = change.state.accounts.map((one): AccountState =>
    one.id === dark.id ? { ...one, standing: 'lost', reason } : one);
  const { darkMono } = dark;
  const next: Change = {
    ...change,
    state: { ...change.state, accounts },
    cause: 'feed_lost',
    account: dark.id,
    reason,
    faultMono: darkMono ?? nowMono,
  };
  return noticeDark(next, nowMono, times);
}

/** A class that was diverted long enough is asked again. */
function forgetPast(state: SupervisorState, nowMono: number): SupervisorState {
  const isPast = ({ diverted }: AccountState): boolean =>
    [...diverted.values()].some((untilMono) => untilMono <= nowMono);
  if (!state.accounts.some(isPast)) return state;
  const accounts = state.accounts.map((one) => {
    if (!isPast(one)) return one;
    const left = [...one.diverted].filter(([, untilMono]) => untilMono > nowMono);
    return { ...one, diverted: new Map(left) };
  });
  return { ...state, accounts };
}

/** Gives out the roles when they are others now, and says when to look again. */
function settle(
  before: SupervisorState,
  { state, effects, ...why }: Change,
  nowMono: number,
  times: SupervisorTimes,
): SupervisorStep {
  const { carriers, reserve } = rolesOf(state, nowMono, times);
  const isCarried = carriers.some((id) => isStanding(state, id, 'fit'));
  // Who is refused wants no socket any more: that is no recovery.
  const isWanted = [...before.accounts, ...state.accounts].some(({ wanted }) => wanted > 0);
  const isDegraded = !isCarried && state.accounts.length > 0 && (before.isDegraded || isWanted);
  const isSwitch = !isSame(carriers, before.carriers);
  const isOther = isSwitch || !isSame(reserve, before.reserve);
  const next = { ...state, carriers, reserve, isDegraded };
  if (isOther) effects.push({ type: 'roles', carriers, reserve });
  if (diversions(before) !== diversions(next)) effects.push({ type: 'rest' });
  if (isSwitch) {
    if (before.carriers.length > 0) next.switchedMono = nowMono;
    const { cause, account, reason, faultMono } = whyOf(before, next, why);
    effects.push({
      type: 'switched',
      record: {
        from: before.carriers, to: carriers, cause, level: levelOf(state, carriers, cause),
        account, reason, faultMono,
      },
    });
  }
  if (isDegraded !== before.isDegraded) effects.push({ type: 'degraded', isDegraded });
  const atMono = nextLook(next, nowMono, times);
  if (Number.isFinite(atMono)) effects.push({ type: 'wake', atMono });
  return { state: next, effects };
}

/** Nobody has left, and somebody came who is known already: time alone has brought that about. */
function isReturn(before: SupervisorState, { carriers, accounts }: SupervisorState): boolean {
  if (before.carriers.some((id) => !carriers.includes(id))) return false;
  const came = carriers.filter((id) => !before.carriers.includes(id));
  return came.some((id) => {
    const account = accounts.find((one) => one.id === id);
    return account !== undefined && account.fitMono > -Infinity;
  });
}

type Why = Omit<Change, 'state' | 'effects'>;

/**
 * A switch by which somebody leaves is no recovery, whatever has brought it about; and the fault of
 * somebody who did not carry has brought none about.
 */
function whyOf(before: SupervisorState, next: SupervisorState, told: Why): Why {
  if (told.cause === 'by_hand') return told;
  const recovered: Why = { ...told, cause: 'recovered', reason: 'well again', account: null };
  if (isReturn(before, next)) return recovered;
  const why = isOfCarrier(before, told) ? told : recovered;
  const left = before.carriers.find((id) => isKnown(next, id) && !next.carriers.includes(id));
  if (why.cause !== 'recovered' || left === undefined) return why;
  const isOut = !isStanding(next, left, 'fit');
  const broker = next.accounts.find(({ id }) => id === left)?.broker ?? '';
  if (!isOut && !next.brokers.has(broker)) return why;
  return {
    ...why,
    cause: isOut ? 'feed_lost' : 'broker_down',
    account: left,
    reason: isOut ? 'no live socket' : 'its broker does not answer, and no socket is live',
  };
}

/** It is about an account that carried, about the broker of one that did, or about none. */
function isOfCarrier({ accounts, carriers }: SupervisorState, { account, cause }: Why): boolean {
  if (account === null || carriers.includes(account)) return true;
  const brokerOf = (id: string): string | undefined =>
    accounts.find((one) => one.id === id)?.broker;
  return cause === 'broker_down' && carriers.some((id) => brokerOf(id) === brokerOf(account));
}

function isKnown({ accounts }: SupervisorState, id: string): boolean {
  return accounts.some((one) => one.id === id);
}

function isStanding(
  { accounts }: SupervisorState,
  id: string,
  standing: AccountState['standing'],
): boolean {
  return accounts.find((one) => one.id === id)?.standing === standing;
}

function levelOf(
  { accounts }: SupervisorState,
  carriers: readonly string[],
  cause: SwitchCause,
): 0 | 2 | 3 {
  if (cause === 'recovered' || cause === 'by_hand' || cause === 'accounts') return 0;
  if (cause === 'broker_down') return 3;
  const home = accounts[0]?.broker;
  const isAbroad = accounts.some(({ id, broker }) => carriers.includes(id) && broker !== home);
  return isAbroad ? 3 : 2;
}

function nextLook(state: SupervisorState, nowMono: number, times: SupervisorTimes): number {
  const dark = state.accounts.flatMap(({ standing, darkMono }) =>
    standing === 'fit' && darkMono !== null ? [darkMono + times.darkMs] : []);
  const diverted = state.accounts.flatMap((one) => [...one.diverted.values()]);
  const brokers = [...state.brokers.values()].map(({ untilMono }) => untilMono);
  const later = [...dark, ...diverted, ...brokers, nextReturnMono(state, times)];
  return Math.min(Infinity, ...later.filter((at) => at > nowMono));
}

/** All that decides who is asked over REST, beside the order. */
function diversions({ accounts, brokers }: SupervisorState): string {
  const down = [...brokers].map(([broker, { strikes }]) => `${broker} ${strikes}`);
  const each = accounts.map(
    ({ id, standing, diverted }) => `${id} ${standing} ${[...diverted.keys()].join()}`,
  );
  return [...each, ...down].join(';');
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((id, index) => id === other[index]);
}
