import type { AccountState, SupervisorState, SupervisorTimes } from './supervisor-state';

/** Who carries the data, and who could take over, each in order. */
export interface Roles {
  carriers: readonly string[];
  reserve: readonly string[];
}

/**
 * The accounts of the first one's broker carry together. While one of them cannot, accounts of
 * other brokers join behind them, so that what it carried has a place. One that could not comes
 * back only after it has been well for some time, and some time after the last switch, unless
 * nobody else is there. Without anybody who is fit, those whose sockets go on trying carry.
 */
export function rolesOf(
  state: SupervisorState,
  nowMono: number,
  times: SupervisorTimes,
): Roles {
  const inService = orderOf(state).filter(({ id }) => !state.drained.has(id));
  const home = inService[0]?.broker ?? '';
  const fit = inService.filter((one) => isFit(one, state));
  const settled = fit.filter((one) => mayCarry(one, state, nowMono, times));
  const able = settled.length > 0 ? settled : fit;
  const isShort = state.accounts.some((one) => one.broker === home && !able.includes(one));
  const joined = isShort ? able : able.filter(({ broker }) => broker === home);
  const chosen = joined.length > 0 ? joined : able;
  const carriers = chosen.length > 0 ? chosen : inService.filter(isTrying);
  const reserve = inService.filter((one) => isTrying(one) && !carriers.includes(one));
  return { carriers: carriers.map(idOf), reserve: reserve.map(idOf) };
}

/** When an account that is fit may carry again, by the clock; Infinity: it does, or is not fit. */
export function nextReturnMono(state: SupervisorState, times: SupervisorTimes): number {
  const waiting = state.accounts.filter(
    (one) => isFit(one, state) && !state.carriers.includes(one.id) && !state.drained.has(one.id),
  );
  return Math.min(Infinity, ...waiting.map((one) => returnMono(one, state, times)));
}

/**
 * Who may be asked over REST for a class of requests, in order: the fit accounts of the broker at
 * home whose class is not diverted, else those of others. With nobody left whoever there is is
 * asked all the same: their own limits still hold, and who is refused rests by itself.
 */
export function restAccounts(
  state: SupervisorState,
  restClass: string,
  nowMono: number,
): readonly string[] {
  const inService = orderOf(state).filter(({ id }) => !state.drained.has(id));
  const home = inService[0]?.broker;
  const known = inService.filter(isTrying);
  const able = known.filter(
    ({ broker, diverted }) =>
      (diverted.get(restClass) ?? -Infinity) <= nowMono && !isDown(state, broker, nowMono),
  );
  const atHome = able.filter(({ broker }) => broker === home);
  if (atHome.length > 0) return atHome.map(idOf);
  if (able.length > 0) return able.map(idOf);
  return (known.length > 0 ? known : inService).map(idOf);
}

/** Whether a broker's API is taken to be down. */
export function isDown(state: SupervisorState, broker: string, nowMono: number): boolean {
  return (state.brokers.get(broker)?.untilMono ?? -Infinity) > nowMono;
}

function orderOf({ accounts, forced }: SupervisorState): readonly AccountState[] {
  const first = accounts.filter(({ id }) => id === forced);
  return first.length === 0 ? accounts : [...first, ...accounts.filter(({ id }) => id !== forced)];
}

/** Nothing speaks against it; where its broker is down its sockets have to live. */
function isFit({ standing, broker, live, wanted }: AccountState, state: SupervisorState): boolean {
  if (standing !== 'fit') return false;
  const strikes = state.brokers.get(broker)?.strikes ?? 0;
  return strikes === 0 || live > 0 || wanted === 0;
}

/** It has credentials that were not refused: its sockets go on trying. */
function isTrying({ standing }: AccountState): boolean {
  return standing === 'fit' || standing === 'lost';
}

function mayCarry(
  account: AccountState,
  state: SupervisorState,
  nowMono: number,
  times: SupervisorTimes,
): boolean {
  return state.carriers.includes(account.id) || returnMono(account, state, times) <= nowMono;
}

/** One that was never in trouble takes over at once. */
function returnMono(
  { fitMono }: AccountState,
  { switchedMono }: SupervisorState,
  { returnMs, dwellMs }: SupervisorTimes,
): number {
  return fitMono === -Infinity ? -Infinity : Math.max(fitMono + returnMs, switchedMono + dwellMs);
}

function idOf({ id }: AccountState): string {
  return id;
}
