import type { BrokerOrder, BrokerTrade } from '@strikewire/broker';
import { indiaDateOf } from '@strikewire/contracts';
import { isAmount } from './book';
import {
  hasEnded,
  illegal,
  quiet,
  tradedQuantity,
  type OrderEffect,
  type OrderEvent,
  type OrderState,
  type OrderStatus,
  type OrderStep,
} from './order-life';
import { applyChange, second } from './order-requests';
import { replaceStated } from './order-statement';

/**
 * What the broker's book or its order updates say. Rows come late, doubled and out of order: what
 * is filled never falls, an end stays an end unless a row with a later time says otherwise, and
 * the book is believed before any answer.
 */
export function takeRow(state: OrderState, row: BrokerOrder): OrderStep {
  const isByClient = row.clientOrderId === state.order.clientOrderId;
  const isByBroker = row.brokerOrderId === state.brokerOrderId;
  if (!isByClient && !isByBroker) {
    return illegal(state, 'foreign_row', `was given the row of ${row.brokerOrderId}`);
  }
  if (!isByBroker && state.brokerOrderId !== null) return second(state, row.brokerOrderId);
  const { filledQuantity: rowFilled, quantity: rowQuantity } = row;
  if (!isAmount(rowQuantity) || !(rowFilled === 0 || isAmount(rowFilled))) {
    const found = `its row has ${rowFilled} of ${rowQuantity} units filled`;
    return illegal(state, 'row_malformed', `${found}, needs whole numbers`);
  }
  const age = ageOf(state, row);
  const filledQuantity = Math.max(state.filledQuantity, rowFilled);
  const seen: OrderState = {
    ...state,
    brokerOrderId: row.brokerOrderId,
    filledQuantity,
    quantity: age === 'older' ? state.quantity : Math.max(rowQuantity, filledQuantity),
    isResized: state.isResized || rowQuantity !== state.order.quantity,
    isTriggered: state.isTriggered || row.status === 'triggered',
    rowMs: age === 'older' ? state.rowMs : (row.updatedMs ?? state.rowMs),
    wantsRow: state.wantsRow && age === 'older',
  };
  const step = withStatus(state, confirmModify(seen), row, age);
  if (rowFilled > rowQuantity) {
    const message = `its row has ${rowFilled} of ${rowQuantity} units filled`;
    step.effects.push(...illegal(state, 'overfilled', message).effects);
  }
  return step;
}

type Age = 'older' | 'same' | 'newer';

/** Without times on both nobody can tell: then it counts as of the same time. */
function ageOf({ rowMs }: OrderState, { updatedMs }: BrokerOrder): Age {
  if (rowMs === null || updatedMs === null || rowMs === updatedMs) return 'same';
  return updatedMs < rowMs ? 'older' : 'newer';
}

/** A modification of the quantity whose outcome was not known shows in the row. */
function confirmModify(state: OrderState): OrderState {
  const { modify } = state;
  const wanted = modify?.change.quantity ?? null;
  const isOpenQuestion = modify?.status === 'unknown' || modify?.status === 'lapsed';
  if (!isOpenQuestion || wanted !== state.quantity) return state;
  const accepted = { ...modify, status: 'accepted' as const };
  return applyChange({ ...state, modify: accepted }, modify.change);
}

function withStatus(
  before: OrderState,
  seen: OrderState,
  row: BrokerOrder,
  age: Age,
): OrderStep {
  const told = endOf(row, seen);
  const isKnownEnd = hasEnded(before) && before.statusFrom === 'book';
  if (isKnownEnd) return afterEnd(before, seen, { row, told, age });
  const fromBook: OrderState = { ...seen, statusFrom: 'book' };
  const next: OrderState = told !== null
    ? { ...fromBook, status: told, reason: row.reason ?? seen.reason }
    : { ...fromBook, status: liveStatus(before, seen, row), wantsRow: isDoubtful(row, seen) };
  if (!hasEnded(before) && before.status !== 'intended') return quiet(next);
  if (before.status === next.status) return quiet(next);
  const found = `was ${before.status}, the book has it as ${row.status}`;
  return { ...illegal(before, 'row_contradicts', found), state: next };
}

interface Told {
  row: BrokerOrder;
  told: OrderStatus | null;
  age: Age;
}

function afterEnd(before: OrderState, seen: OrderState, { row, told, age }: Told): OrderStep {
  if (told === 'filled') return quiet({ ...seen, status: 'filled' });
  if (told === before.status || age === 'older') return quiet({ ...seen, status: before.status });
  // Updates overtake each other: only a later time makes it a contradiction.
  if (age === 'same' && told === null) return quiet({ ...seen, status: before.status });
  const found = `was ${before.status}, a later row has it as ${row.status}`;
  const step = illegal(before, 'row_contradicts', found);
  const status = age === 'newer' ? (told ?? liveStatus(before, seen, row)) : before.status;
  return { ...step, state: { ...seen, status } };
}

/** The end that a row tells of; null: none, or one that its own numbers deny. */
function endOf(row: BrokerOrder, seen: OrderState): OrderStatus | null {
  const { status } = row;
  if (!seen.isResized && seen.filledQuantity >= seen.quantity) return 'filled';
  if (status === 'filled') return seen.filledQuantity >= row.quantity ? 'filled' : null;
  return status === 'cancelled' || status === 'rejected' || status === 'expired' ? status : null;
}

/** It says filled and counts fewer, or is open and counts all: something of it is late. */
function isDoubtful({ status }: BrokerOrder, seen: OrderState): boolean {
  return seen.wantsRow || status === 'filled' || seen.filledQuantity >= seen.quantity;
}

function liveStatus(before: OrderState, seen: OrderState, row: BrokerOrder): OrderStatus {
  if (seen.filledQuantity > 0) return 'part_filled';
  if (seen.isTriggered) return 'triggered';
  return row.status === 'pending' && before.status !== 'open' ? 'accepted' : 'open';
}

/** Trades of the order; each is told once, whatever else is known of it. */
export function takeTrades(state: OrderState, trades: readonly BrokerTrade[]): OrderStep {
  const known = new Map(state.trades.map((trade) => [trade.tradeId, trade]));
  const fresh: BrokerTrade[] = [];
  const effects: OrderEffect[] = [];
  for (const trade of trades) {
    const wrong = wrongWith(state, trade, known.get(trade.tradeId));
    if (wrong !== null) effects.push(...illegal(state, wrong, tradeText(trade)).effects);
    if (wrong !== null || known.has(trade.tradeId)) continue;
    known.set(trade.tradeId, trade);
    fresh.push(trade);
  }
  if (fresh.length === 0) return { state, effects };
  const { all, uncovered } = replaceStated(state.trades, fresh);
  effects.push(...uncovered.map((trade): OrderEffect => ({ type: 'fill', trade })));
  const filledQuantity = Math.max(state.filledQuantity, tradedQuantity({ trades: all }));
  const next: OrderState = { ...state, trades: all, filledQuantity };
  if (filledQuantity > next.quantity && !next.isResized) {
    const message = `${filledQuantity} of ${next.quantity} units are traded`;
    effects.push(...illegal(state, 'overfilled', message).effects);
  }
  if (state.settledAs !== null) {
    const id = state.order.clientOrderId;
    const isStated = uncovered.length < fresh.length;
    const message = isStated
      ? `order ${id}: its broker has told trades of what a person had stated before; positions `
        + 'keep the stated price'
      : `order ${id} was ${state.status} and traded after that`;
    const code = isStated ? 'stated_fill_told' : 'late_fill';
    effects.push({ type: 'notify', severity: 'warning', code, message });
  }
  return { state: statusOfTrades(next), effects };
}

function statusOfTrades(state: OrderState): OrderState {
  const { filledQuantity, quantity } = state;
  // Refused or not, it has traded: the trades are the truth.
  const isFull = filledQuantity === quantity && !state.isResized;
  if (isFull) return { ...state, status: 'filled', statusFrom: 'book' };
  if (hasEnded(state)) return state;
  // All that is known of is filled, but perhaps more is wanted: only the book can tell.
  const wantsRow = state.wantsRow || filledQuantity >= quantity;
  return { ...state, status: 'part_filled', statusFrom: 'book', wantsRow };
}

function wrongWith(
  { brokerOrderId, order }: OrderState,
  trade: BrokerTrade,
  known: BrokerTrade | undefined,
): string | null {
  if (brokerOrderId === null || trade.brokerOrderId !== brokerOrderId) return 'foreign_trade';
  if (trade.side !== order.side) return 'trade_malformed';
  if (!isAmount(trade.quantity) || !isAmount(trade.pricePaise)) return 'trade_malformed';
  if (known === undefined) return null;
  const isSame = known.quantity === trade.quantity && known.pricePaise === trade.pricePaise;
  return isSame ? null : 'trade_contradicts';
}

function tradeText({ tradeId, brokerOrderId, ...trade }: BrokerTrade): string {
  const { side, quantity, pricePaise } = trade;
  const what = `${side} ${quantity} at ${pricePaise} paise`;
  return `was given trade ${tradeId} of ${brokerOrderId}: ${what}`;
}

/**
 * The whole book was read and it is not there. That proves nothing while it may still arrive. Once
 * its day is over it can live no more; but only the book of that very date knows of it, and only
 * where our orders can be told from others.
 */
export function takeAbsence(
  state: OrderState,
  { readMs, isSure }: Extract<OrderEvent, { type: 'absent' }>,
): OrderStep {
  const { dayEndedMs, brokerOrderId, status } = state;
  if (brokerOrderId !== null && !hasEnded(state)) {
    return illegal(state, 'vanished', `is not in the book, it was ${brokerOrderId} there`);
  }
  const isOver = dayEndedMs !== null && readMs >= dayEndedMs;
  if (status !== 'unknown' || !isOver) return quiet(state);
  const isOfItsDay = indiaDateOf(readMs) === indiaDateOf(dayEndedMs);
  if (!isSure || !isOfItsDay) return undecided(state, isOfItsDay);
  const reason = 'the book of its day does not have it: it never reached the market';
  const code = 'never_seen';
  return quiet({ ...state, status: 'expired', statusFrom: 'platform', code, reason });
}

/** No later book can tell either: nobody looks any more, and a person is told once. */
function undecided(state: OrderState, isOfItsDay: boolean): OrderStep {
  const why = isOfItsDay
    ? 'its broker\'s book does not tell our orders from others'
    : 'the book of its day was not read on that day';
  const message =
    `order ${state.order.clientOrderId} of account ${state.account} may have reached the ` +
    `market: ${why}; a person has to look`;
  const lookUp = state.lookUp && { ...state.lookUp, dueMs: null };
  const next: OrderState = { ...state, lookUp, needsPerson: message };
  if (state.needsPerson === message) return quiet(next);
  const code = 'order_needs_person';
  return { state: next, effects: [{ type: 'notify', severity: 'critical', code, message }] };
}
