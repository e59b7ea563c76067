import { indiaDateOf } from '@strikewire/contracts';
import {
  hasEnded,
  isLive,
  isUnderWay,
  tradedQuantity,
  type LookUp,
  type LookUpNeed,
  type OrderEffect,
  type OrderState,
  type OrderStep,
  type OrderTimes,
  type SubRequest,
} from './order-life';

/** A look that has a time. */
type Planned = LookUp & { dueMs: number };

/** Why the book has to be read, the weightiest reason first; null: everything is known. */
export function needOf(state: OrderState): LookUpNeed | null {
  const { status, cancel, modify } = state;
  if (status === 'intended') return null;
  if (status === 'sending') return 'answer';
  if (status === 'unknown') return 'place';
  if (isLive(state)) {
    const need = needOfLive(state);
    if (need !== null) return need;
    if (cancel?.status === 'sending' || modify?.status === 'sending') return 'answer';
  }
  return tradedQuantity(state) < state.filledQuantity ? 'trades' : null;
}

function needOfLive({
  status, statusFrom, cancel, modify, wantsRow, dayEndedMs,
}: OrderState): LookUpNeed | null {
  if (cancel?.status === 'unknown' || modify?.status === 'unknown') return 'outcome';
  if (cancel?.status === 'accepted' || dayEndedMs !== null) return 'end';
  const isUnseen = status === 'accepted' && statusFrom === 'answer';
  return isUnseen || wantsRow ? 'row' : null;
}

/** Plans the next look for what is needed; a need that is another begins anew. */
export function planLookUp(state: OrderState, nowMs: number, times: OrderTimes): OrderStep {
  const need = needOf(state);
  if (need === null) {
    const isIdle = state.lookUp === null && state.needsPerson === null;
    return { state: isIdle ? state : { ...state, lookUp: null, needsPerson: null }, effects: [] };
  }
  if (state.lookUp?.need === need) return { state, effects: [] };
  const waitMs = need === 'answer' ? times.answerMs : times.firstMs;
  return scheduled(state, { need, tries: 0, dueMs: nowMs + waitMs });
}

/** Looks now, whatever was planned. */
export function lookNow(state: OrderState, nowMs: number, times: OrderTimes): OrderStep {
  const need = needOf(state) ?? 'row';
  return look({ ...state, lookUp: { need, tries: 0, dueMs: nowMs } }, nowMs, times);
}

/** A moment that was scheduled: silence becomes `unknown`, then the book is read or given up. */
export function takeTimer(state: OrderState, nowMs: number, times: OrderTimes): OrderStep {
  const next = timeOut(state, nowMs, times);
  const { lookUp } = next;
  if (lookUp === null || lookUp.dueMs === null) return { state: next, effects: [] };
  // What was silent becomes another need, which is planned for itself.
  if (lookUp.need !== needOf(next)) return { state: next, effects: [] };
  // Told again: whoever woke up early may have forgotten when.
  const { dueMs } = lookUp;
  if (nowMs < dueMs) return scheduled(next, { ...lookUp, dueMs });
  return look(next, nowMs, times);
}

function look(state: OrderState, nowMs: number, times: OrderTimes): OrderStep {
  const { lookUp } = state;
  if (lookUp === null) return { state, effects: [] };
  if (lookUp.tries === times.triesMax) return giveUp(state, lookUp, nowMs, times);
  if (lookUp.tries > times.triesMax) return lookSlowly(state, lookUp, nowMs, times);
  const tries = lookUp.tries + 1;
  const waitMs = Math.min(times.mostMs, times.firstMs * 2 ** tries);
  const step = scheduled(state, { ...lookUp, tries, dueMs: nowMs + waitMs });
  return { state: step.state, effects: [{ type: 'lookUp' }, ...step.effects] };
}

const questions: Readonly<Record<LookUpNeed, string>> = {
  answer: 'whether the broker answered',
  place: 'whether the broker has it',
  row: 'how it stands at the broker',
  outcome: 'whether its modification or cancellation took effect',
  end: 'whether it has ended',
  trades: 'at which prices it was filled',
};

/** A broker may put its book in order hours after the close; on another date it is another book. */
function lookSlowly(
  state: OrderState,
  lookUp: LookUp,
  nowMs: number,
  { slowMs }: OrderTimes,
): OrderStep {
  const step = planSlowly(state, lookUp, nowMs, slowMs);
  return { state: step.state, effects: [{ type: 'lookUp' }, ...step.effects] };
}

function planSlowly(
  state: OrderState,
  lookUp: LookUp,
  nowMs: number,
  slowMs: number,
): OrderStep {
  const { dayEndedMs } = state;
  const dueMs = nowMs + slowMs;
  const isTooLate = dayEndedMs !== null && indiaDateOf(dueMs) !== indiaDateOf(dayEndedMs);
  if (isTooLate) return { state: { ...state, lookUp: { ...lookUp, dueMs: null } }, effects: [] };
  return scheduled(state, { ...lookUp, dueMs });
}

function giveUp(
  state: OrderState,
  lookUp: LookUp,
  nowMs: number,
  { slowMs }: OrderTimes,
): OrderStep {
  const id = state.brokerOrderId === null ? '' : ` (${state.brokerOrderId} at the broker)`;
  const message =
    `order ${state.order.clientOrderId}${id} of account ${state.account}: ${lookUp.tries} looks ` +
    `at the broker's book did not show ${questions[lookUp.need]}; a person has to look`;
  const next: OrderState = {
    ...state,
    needsPerson: message,
    cancel: lapsed(state.cancel),
    modify: lapsed(state.modify),
  };
  const step = planSlowly(next, { ...lookUp, tries: lookUp.tries + 1 }, nowMs, slowMs);
  const code = 'order_needs_person';
  const effect: OrderEffect = { type: 'notify', severity: 'critical', code, message };
  return { state: step.state, effects: [effect, ...step.effects] };
}

/** It is not known and will not be: another request may be made. */
function lapsed<T extends SubRequest>(request: T | null): T | null {
  return request?.status === 'unknown' ? { ...request, status: 'lapsed' } : request;
}

function timeOut(state: OrderState, nowMs: number, { answerMs }: OrderTimes): OrderState {
  const isSilent = (fromMs: number | null): boolean =>
    fromMs !== null && nowMs - fromMs >= answerMs;
  const silent = <T extends SubRequest>(request: T | null): T | null =>
    request?.status === 'sending' && isSilent(request.askedMs)
      ? { ...request, status: 'unknown', reason: `no answer for ${answerMs} ms` }
      : request;
  const isUnknown = state.status === 'sending' && isSilent(state.sentMs);
  const cancel = silent(state.cancel);
  const modify = silent(state.modify);
  if (!isUnknown && cancel === state.cancel && modify === state.modify) return state;
  const arePricesSure = state.arePricesSure && modify === state.modify;
  const next: OrderState = { ...state, cancel, modify, arePricesSure };
  if (!isUnknown) return next;
  return { ...next, status: 'unknown', reason: `no answer for ${answerMs} ms` };
}

function scheduled(state: OrderState, lookUp: Planned): OrderStep {
  return {
    state: { ...state, lookUp },
    effects: [{ type: 'schedule', atMs: lookUp.dueMs }],
  };
}

/** What was on its way when the platform ended may have arrived. */
export function afterRestart(state: OrderState): OrderState {
  const reason = 'the platform ended before it was answered';
  const doubt = <T extends SubRequest>(request: T | null): T | null =>
    request?.status === 'sending' ? { ...request, status: 'unknown', reason } : request;
  const status = state.status === 'sending' ? 'unknown' : state.status;
  const modify = doubt(state.modify);
  const arePricesSure = state.arePricesSure && modify === state.modify;
  // Much may have happened to it while nobody listened.
  const wantsRow = state.wantsRow || isLive(state);
  return { ...state, status, cancel: doubt(state.cancel), modify, arePricesSure, wantsRow };
}

/** Its end is known, with every trade and nothing under way. */
export function isComplete(state: OrderState): boolean {
  return (
    hasEnded(state) &&
    tradedQuantity(state) === state.filledQuantity &&
    !isUnderWay(state.cancel) &&
    !isUnderWay(state.modify)
  );
}
