import {
  hasEnded,
  illegal,
  orderTimes,
  quiet,
  tradedQuantity,
  type OrderEvent,
  type OrderState,
  type OrderStep,
  type OrderTimes,
} from './order-life';
import { afterRestart, isComplete, lookNow, planLookUp, takeTimer } from './order-look-up';
import { takeAbsence, takeRow, takeTrades } from './order-news';
import { takeStatement } from './order-statement';
import {
  closeRequests,
  denied,
  sendWaitingCancel,
  takeAnswer,
  takeCancelAnswer,
  takeCancelWish,
  takeModifyAnswer,
  takeModifyWish,
  takeRecorded,
  takeWithheld,
} from './order-requests';

/**
 * One event in the life of an order. Nothing is thrown: what cannot be is told as an effect, and
 * never makes an order be sent twice. A state that is as it was is the same object.
 */
export function stepOrder(
  state: OrderState,
  event: OrderEvent,
  nowMs: number,
  times: OrderTimes = orderTimes,
): OrderStep {
  const taken = sendWaitingCancel(takeEvent(state, event, nowMs, times), nowMs);
  const closed = hasEnded(taken.state) ? closeRequests(taken.state) : taken.state;
  const planned = planLookUp(closed, nowMs, times);
  const effects = [...taken.effects, ...planned.effects];
  const settled = settle(planned.state);
  if (isSame(settled.state, state)) return { state, effects };
  const next = { ...settled.state, updatedMs: nowMs, version: state.version + 1 };
  return { state: next, effects: [{ type: 'persist' }, ...effects, ...settled.effects] };
}

/** Parts that did not change are the same objects. */
function isSame(one: OrderState, other: OrderState): boolean {
  const keys = Object.keys(one) as (keyof OrderState)[];
  return keys.every((key) => Object.is(one[key], other[key]));
}

function takeEvent(
  state: OrderState,
  event: OrderEvent,
  nowMs: number,
  times: OrderTimes,
): OrderStep {
  switch (event.type) {
    case 'recorded':
      return takeRecorded(state, event, nowMs);
    case 'withheld':
      return takeWithheld(state, event);
    case 'answered':
      return takeAnswer(state, event);
    case 'askModify':
      return takeModifyWish(state, event, nowMs);
    case 'modifyAnswered':
      return takeModifyAnswer(state, event);
    case 'askCancel':
      return takeCancelWish(state, event, nowMs);
    case 'cancelAnswered':
      return takeCancelAnswer(state, event);
    case 'row':
      return takeRow(state, event.row);
    case 'trades':
      return takeTrades(state, event.trades);
    case 'absent':
      return takeAbsence(state, event);
    case 'lookUpFailed':
      // The next look is planned already.
      return quiet(state);
    case 'timer':
      return takeTimer(state, nowMs, times);
    case 'restarted':
      return takeRestart(state, nowMs, times);
    case 'dayEnded':
      return takeDayEnd(state, event.endedMs, nowMs, times);
    case 'decided':
      return takeDecision(state, event, nowMs);
  }
}

/** An intent was provably not sent, and its price is of another time: it is not sent any more. */
function takeRestart(state: OrderState, nowMs: number, times: OrderTimes): OrderStep {
  if (state.status === 'intended') {
    return quiet(denied(state, 'not_sent', 'the platform ended before it was sent'));
  }
  if (isComplete(state)) return quiet(state);
  return lookNow(afterRestart(state), nowMs, times);
}

function takeDayEnd(
  state: OrderState,
  dayEndedMs: number,
  nowMs: number,
  times: OrderTimes,
): OrderStep {
  if (state.status === 'intended') {
    return quiet(denied(state, 'day_ended', 'its session was over before it was sent'));
  }
  if (isComplete(state)) return quiet(state);
  return lookNow({ ...state, dayEndedMs }, nowMs, times);
}

function takeDecision(
  state: OrderState,
  { by, reason, filled }: Extract<OrderEvent, { type: 'decided' }>,
  nowMs: number,
): OrderStep {
  if (filled !== undefined) return takeStatement(state, { by, reason, filled }, nowMs);
  if (state.status !== 'unknown') return takeEnd(state, by, reason);
  const text = `${by} made sure that it was not placed: ${reason}`;
  const code = 'decided';
  return quiet({ ...state, status: 'rejected', statusFrom: 'platform', code, reason: text });
}

/** A person says that it has ended: it counts with the trades that are known. */
function takeEnd(state: OrderState, by: string, reason: string): OrderStep {
  if (state.needsPerson === null) {
    const found = `is ${state.status}, only what is unknown or needs a person is decided`;
    return illegal(state, 'decision_unasked', found);
  }
  const filledQuantity = tradedQuantity(state);
  const unfilled = state.dayEndedMs === null ? 'cancelled' : 'expired';
  const end = filledQuantity >= state.quantity ? 'filled' : unfilled;
  const status = hasEnded(state) ? state.status : end;
  const text = `${by} made sure that it has ended with ${filledQuantity} units: ${reason}`;
  const code = 'decided';
  return quiet({ ...state, status, statusFrom: 'platform', filledQuantity, code, reason: text });
}

function settle(state: OrderState): OrderStep {
  if (!isComplete(state)) return quiet(state);
  const { status, filledQuantity, settledAs } = state;
  const isTold = settledAs?.status === status && settledAs.filledQuantity === filledQuantity;
  if (isTold) return quiet(state);
  return {
    state: { ...state, settledAs: { status, filledQuantity } },
    effects: [{ type: 'settled', status, filledQuantity }],
  };
}
