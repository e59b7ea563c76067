import type { OrderChange, OrderOutcome } from '@strikewire/broker';
import { isAmount } from './book';
import {
  hasEnded,
  illegal,
  isLive,
  isUnderWay,
  quiet,
  type ModifyRequest,
  type OrderEvent,
  type OrderState,
  type OrderStep,
  type SubRequest,
} from './order-life';

type Event<T extends OrderEvent['type']> = Extract<OrderEvent, { type: T }>;

/** The intent is stored and may go; the price of its making may be old by now. */
export function takeRecorded(
  state: OrderState,
  { limitPaise = state.limitPaise ?? undefined }: Event<'recorded'>,
  nowMs: number,
): OrderStep {
  if (state.status !== 'intended') {
    return illegal(state, 'sent_before', `is ${state.status}, only an intent is sent`);
  }
  const priced = limitPaise === undefined || limitPaise === state.limitPaise
    ? state
    : { ...state, limitPaise, order: { ...state.order, limitPaise } };
  return { state: { ...priced, status: 'sending', sentMs: nowMs }, effects: [{ type: 'send' }] };
}

/** It is refused here; nothing was sent. */
export function takeWithheld(state: OrderState, event: Event<'withheld'>): OrderStep {
  if (state.status !== 'intended') {
    return illegal(state, 'withheld_late', `is ${state.status}, only an intent is withheld`);
  }
  return quiet(denied(state, event.code, event.reason));
}

/** Refused by the platform itself. */
export function denied(state: OrderState, code: string, reason: string): OrderState {
  return { ...state, status: 'denied', statusFrom: 'platform', code, reason };
}

/** The broker's answer to the order; the book, if it spoke already, is believed instead. */
export function takeAnswer(state: OrderState, { outcome }: Event<'answered'>): OrderStep {
  const isOpenQuestion = state.status === 'sending' || state.status === 'unknown';
  if (outcome.kind === 'unknown') {
    if (state.status !== 'sending') return quiet(state);
    return quiet({ ...state, status: 'unknown', reason: outcome.reason });
  }
  if (state.status === 'intended') {
    return illegal(state, 'answer_unasked', 'has an answer, but was not sent');
  }
  if (outcome.kind === 'accepted') return takeAccepted(state, outcome.brokerOrderId);
  const { kind, code, reason } = outcome;
  if (isOpenQuestion) {
    return quiet({ ...state, status: kind, statusFrom: 'answer', code, reason });
  }
  if (state.status === kind) return quiet(state);
  const step = illegal(state, 'answer_contradicts', `is ${state.status}, was answered ${kind}`);
  return hasEnded(state) ? step : { ...step, state: { ...state, wantsRow: true } };
}

function takeAccepted(state: OrderState, brokerOrderId: string): OrderStep {
  const held = state.brokerOrderId;
  if (held !== null && held !== brokerOrderId) return second(state, brokerOrderId);
  if (state.status === 'sending' || state.status === 'unknown') {
    return quiet({
      ...state, status: 'accepted', statusFrom: 'answer', brokerOrderId, reason: null,
    });
  }
  const isRefused = hasEnded(state) && state.statusFrom !== 'book';
  if (!isRefused) return quiet(state);
  // A refusal that is none: it may be in the market, so it lives until the book says otherwise.
  const step = illegal(state, 'answer_contradicts', `is ${state.status}, was answered accepted`);
  const next: OrderState = { ...state, status: 'accepted', statusFrom: 'answer', brokerOrderId };
  return { ...step, state: next };
}

/** Two orders at the broker under one client order id: the worst that can happen. */
export function second(state: OrderState, brokerOrderId: string): OrderStep {
  const found = `is ${state.brokerOrderId} at the broker, and ${brokerOrderId} as well`;
  const step = illegal(state, 'doubled_order', found);
  step.effects.push({
    type: 'notify',
    severity: 'critical',
    code: 'doubled_order',
    message: `order ${state.order.clientOrderId} ${found}: look at the broker's book`,
  });
  return step;
}

/**
 * Somebody wants it gone. Before the broker is known to have it, the wish waits. One whose outcome
 * is not known may be asked again: to cancel twice harms nobody, to wait may.
 */
export function takeCancelWish(
  state: OrderState,
  { requestId }: Event<'askCancel'>,
  nowMs: number,
): OrderStep {
  if (state.status === 'intended') {
    return quiet(denied(state, 'cancelled_before_sending', 'it was cancelled before it was sent'));
  }
  if (hasEnded(state)) return illegal(state, 'order_ended', `is ${state.status} already`);
  if (isUnderWay(state.cancel) && state.cancel?.status !== 'unknown') {
    return illegal(state, 'cancel_under_way', `is being cancelled by ${state.cancel?.requestId}`);
  }
  const asked: SubRequest = {
    requestId, status: 'waiting', askedMs: nowMs, code: null, reason: null,
  };
  return quiet({ ...state, cancel: asked });
}

/** A cancellation that waited goes as soon as the broker has the order. */
export function sendWaitingCancel(step: OrderStep, nowMs: number): OrderStep {
  const { state, effects } = step;
  const { cancel } = state;
  if (cancel?.status !== 'waiting' || !isLive(state) || state.brokerOrderId === null) return step;
  const sent: SubRequest = { ...cancel, status: 'sending', askedMs: nowMs };
  const { requestId } = cancel;
  return {
    state: { ...state, cancel: sent },
    effects: [...effects, { type: 'sendCancel', requestId }],
  };
}

/** Somebody wants it otherwise. */
export function takeModifyWish(
  state: OrderState,
  { requestId, change }: Event<'askModify'>,
  nowMs: number,
): OrderStep {
  const against = reasonAgainst(state, change);
  if (against !== null) return illegal(state, against[0], against[1]);
  const modify: ModifyRequest = {
    requestId, change, status: 'sending', askedMs: nowMs, code: null, reason: null,
  };
  const effects: OrderStep['effects'] = [{ type: 'sendModify', requestId, change }];
  const isResized = state.isResized || change.quantity !== null;
  return { state: { ...state, modify, isResized }, effects };
}

function reasonAgainst(state: OrderState, change: OrderChange): [string, string] | null {
  const { quantity, limitPaise, triggerPaise } = change;
  const values = [quantity, limitPaise, triggerPaise].filter((value) => value !== null);
  if (!isLive(state) || state.brokerOrderId === null) {
    return ['modify_not_live', `is ${state.status}, only a live order is modified`];
  }
  if (isUnderWay(state.cancel) || state.cancel?.status === 'accepted') {
    return ['cancel_under_way', 'is being cancelled'];
  }
  if (isUnderWay(state.modify)) {
    return ['modify_under_way', `is being modified by ${state.modify?.requestId}`];
  }
  if (values.length === 0 || !values.every(isAmount)) {
    return ['change_malformed', 'a change needs whole numbers above zero, and at least one'];
  }
  if (quantity !== null && quantity <= state.filledQuantity) {
    const found = `quantity was to be ${quantity}, ${state.filledQuantity} are filled`;
    return ['change_below_fill', found];
  }
  return null;
}

/** How a cancellation went. That it was accepted does not end the order: its row does. */
export function takeCancelAnswer(
  state: OrderState,
  { requestId, outcome }: Event<'cancelAnswered'>,
): OrderStep {
  const { cancel } = state;
  if (cancel === null) {
    return illegal(state, 'answer_unasked', `has an answer to cancellation ${requestId}`);
  }
  // A late answer to one that was asked again since: the newer one's counts.
  if (cancel.requestId !== requestId) return quiet({ ...state, wantsRow: true });
  if (cancel.status !== 'sending' && cancel.status !== 'unknown') return quiet(state);
  const wantsRow = state.wantsRow || outcome.kind === 'rejected';
  return quiet({ ...state, cancel: { ...cancel, ...outcomeOf(outcome) }, wantsRow });
}

/** How a modification went; accepted, its values are the order's. */
export function takeModifyAnswer(
  state: OrderState,
  { requestId, outcome }: Event<'modifyAnswered'>,
): OrderStep {
  const { modify } = state;
  if (modify?.requestId !== requestId) {
    return illegal(state, 'answer_unasked', `has an answer to modification ${requestId}`);
  }
  if (modify.status !== 'sending' && modify.status !== 'unknown') return quiet(state);
  const next: OrderState = { ...state, modify: { ...modify, ...outcomeOf(outcome) } };
  if (outcome.kind === 'accepted') return quiet(applyChange(next, modify.change));
  if (outcome.kind === 'unknown') return quiet({ ...next, arePricesSure: false });
  const isRejected = outcome.kind === 'rejected';
  return quiet({ ...next, wantsRow: state.wantsRow || isRejected });
}

/** The order with the values of a change that took effect. */
export function applyChange(state: OrderState, change: OrderChange): OrderState {
  return {
    ...state,
    quantity: Math.max(state.filledQuantity, change.quantity ?? state.quantity),
    limitPaise: change.limitPaise ?? state.limitPaise,
    triggerPaise: change.triggerPaise ?? state.triggerPaise,
    arePricesSure: true,
  };
}

function outcomeOf(outcome: OrderOutcome): Pick<SubRequest, 'status' | 'code' | 'reason'> {
  if (outcome.kind === 'accepted') return { status: 'accepted', code: null, reason: null };
  const code = outcome.kind === 'unknown' ? null : outcome.code;
  return { status: outcome.kind, code, reason: outcome.reason };
}

/** What was under way when the order ended is decided by its end. */
export function closeRequests(state: OrderState): OrderState {
  const { cancel, modify } = state;
  const isCancelled = state.status === 'cancelled';
  const ended = { code: 'order_ended', reason: `the order ended: ${state.status}` };
  const openCancel = isUnderWay(cancel);
  const openModify = isUnderWay(modify);
  if (!openCancel && !openModify) return state;
  return {
    ...state,
    cancel: cancel !== null && openCancel
      ? { ...cancel, ...(isCancelled ? {} : ended), status: isCancelled ? 'accepted' : 'rejected' }
      : cancel,
    modify: modify !== null && openModify ? { ...modify, ...ended, status: 'lapsed' } : modify,
  };
}
