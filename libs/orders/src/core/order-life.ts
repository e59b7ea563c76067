import type {
  BrokerOrder,
  BrokerTrade,
  OrderChange,
  OrderOutcome,
  OrderRequest,
} from '@strikewire/broker';

/**
 * Where an order stands. `intended`: written down, not sent. `sending`: it may have left.
 * `unknown`: it may have been taken; nobody sends it again. `accepted`: the broker has it.
 */
export type OrderStatus =
  | 'intended' | 'sending' | 'unknown'
  | 'accepted' | 'open' | 'triggered' | 'part_filled'
  | 'filled' | 'cancelled' | 'rejected' | 'expired' | 'denied';

/** How a request about an order went; `waiting`: for the order to be known at the broker. */
export type SubRequestStatus =
  | 'waiting' | 'sending' | 'unknown' | 'accepted' | 'rejected' | 'denied' | 'lapsed';

/** A modification or cancellation; at most one of each is under way. */
export interface SubRequest {
  requestId: string;
  status: SubRequestStatus;
  askedMs: number;
  code: string | null;
  reason: string | null;
}

/** A modification with what is to be others. */
export interface ModifyRequest extends SubRequest {
  change: OrderChange;
}

/** Why the broker's book has to be read. */
export type LookUpNeed = 'answer' | 'place' | 'row' | 'outcome' | 'end' | 'trades';

/** Reading the book, with back-off; `dueMs` null: no book can tell any more, a person has to. */
export interface LookUp {
  need: LookUpNeed;
  tries: number;
  dueMs: number | null;
}

/** One order from its intent to its end. Plain data: it is stored as it is. */
export interface OrderState {
  order: OrderRequest;
  /** The account that it went to; it never goes to another. */
  account: string;
  status: OrderStatus;
  /** Who said so: the platform, an answer to a request, or the broker's book, which beats both. */
  statusFrom: 'platform' | 'answer' | 'book';
  brokerOrderId: string | null;
  /** As modified. Units, paise. */
  quantity: number;
  limitPaise: number | null;
  triggerPaise: number | null;
  /** False: a modification may or may not have changed the prices. */
  arePricesSure: boolean;
  /**
   * Its quantity was to be another, once at least. News overtake each other, so from then on only
   * the broker's word ends it, never a sum of fills that meets a quantity.
   */
  isResized: boolean;
  isTriggered: boolean;
  /** Never falls, unless a person settles it with the trades that are known. */
  filledQuantity: number;
  trades: readonly BrokerTrade[];
  modify: ModifyRequest | null;
  cancel: SubRequest | null;
  /** Something happened that only the book can explain. */
  wantsRow: boolean;
  /** The broker's time of the newest row. */
  rowMs: number | null;
  lookUp: LookUp | null;
  /** What a person has to look at; null: nothing. */
  needsPerson: string | null;
  /** When the session that it was good for was over; null: it is not. */
  dayEndedMs: number | null;
  code: string | null;
  reason: string | null;
  /** What was told as the end; null: nothing yet. */
  settledAs: { status: OrderStatus; filledQuantity: number } | null;
  createdMs: number;
  sentMs: number | null;
  updatedMs: number;
  /** Of what is stored: one more with each change. */
  version: number;
}

/** What a person has found an order to have filled, its known trades included. */
export interface StatedFill {
  quantity: number;
  /** Of all of it; a part of a paisa is fine. */
  averagePaise: number;
}

/** What can happen to an order. */
export type OrderEvent =
  /** The intent is stored, all checks and rates let it go: it is sent now, at this limit. */
  | { type: 'recorded'; limitPaise?: number }
  /** A check, a rate, the margin or the kill switch refuses it before it is sent. */
  | { type: 'withheld'; code: string; reason: string }
  | { type: 'answered'; outcome: OrderOutcome }
  | { type: 'askModify'; requestId: string; change: OrderChange }
  | { type: 'modifyAnswered'; requestId: string; outcome: OrderOutcome }
  | { type: 'askCancel'; requestId: string }
  | { type: 'cancelAnswered'; requestId: string; outcome: OrderOutcome }
  /** From the book or the order-update socket; late, doubled and out of order as they come. */
  | { type: 'row'; row: BrokerOrder }
  | { type: 'trades'; trades: readonly BrokerTrade[] }
  /**
   * The whole book was read, from `readMs` on, and the order is not in it. `isSure` false: it may
   * be there without being known as ours.
   */
  | { type: 'absent'; readMs: number; isSure: boolean }
  | { type: 'lookUpFailed'; reason: string }
  | { type: 'timer' }
  /** The platform starts and finds the order in its store. */
  | { type: 'restarted' }
  /** The session that it was good for is over, since `endedMs`. */
  | { type: 'dayEnded'; endedMs: number }
  /**
   * A person has looked at the broker: an unknown order was never placed; another one that needed
   * a person has ended, with the trades that are known. With `filled`: it has ended with these.
   */
  | { type: 'decided'; by: string; reason: string; filled?: StatedFill };

/**
 * What is to be done, in this order. `persist` is done before the next begins, and its transaction
 * has the fills of the same step: whoever ends in between has lost neither and sends nothing anew.
 */
export type OrderEffect =
  | { type: 'persist' }
  | { type: 'send' }
  | { type: 'sendModify'; requestId: string; change: OrderChange }
  | { type: 'sendCancel'; requestId: string }
  /** Read the book and the trades of the account; answer with rows, trades, absent or failed. */
  | { type: 'lookUp' }
  /** Send `timer` then; replaces what was scheduled before. */
  | { type: 'schedule'; atMs: number }
  /** Told once for each trade: positions are made of these. */
  | { type: 'fill'; trade: BrokerTrade }
  | { type: 'notify'; severity: 'warning' | 'critical'; code: string; message: string }
  /** An event that cannot be: a mistake here, or the broker contradicts itself. */
  | { type: 'illegal'; code: string; message: string }
  /** The end, with all trades known. Told again only if the broker adds to it later. */
  | { type: 'settled'; status: OrderStatus; filledQuantity: number };

/** Times of reconciliation, in ms. */
export interface OrderTimes {
  /** Without an answer for so long a request counts as unknown. */
  answerMs: number;
  /** Before the book is read for the first time; doubles with each try. */
  firstMs: number;
  mostMs: number;
  /** After so many a person has to look. */
  triesMax: number;
  /** Between looks after that, until the date of its session is over. */
  slowMs: number;
}

/** Three and a half minutes of looking, before a person is told. */
export const orderTimes: OrderTimes = {
  answerMs: 30_000,
  firstMs: 500,
  mostMs: 30_000,
  triesMax: 12,
  slowMs: 180_000,
};

/** A state and what is to be done. */
export interface OrderStep {
  state: OrderState;
  effects: OrderEffect[];
}

/** An order that is to be written down before anything is sent. */
export function intendOrder(order: OrderRequest, account: string, nowMs: number): OrderStep {
  const state: OrderState = {
    order,
    account,
    status: 'intended',
    statusFrom: 'platform',
    brokerOrderId: null,
    quantity: order.quantity,
    limitPaise: order.limitPaise,
    triggerPaise: order.triggerPaise,
    arePricesSure: true,
    isResized: false,
    isTriggered: false,
    filledQuantity: 0,
    trades: [],
    modify: null,
    cancel: null,
    wantsRow: false,
    rowMs: null,
    lookUp: null,
    needsPerson: null,
    dayEndedMs: null,
    code: null,
    reason: null,
    settledAs: null,
    createdMs: nowMs,
    sentMs: null,
    updatedMs: nowMs,
    version: 1,
  };
  return { state, effects: [{ type: 'persist' }] };
}

const ends: readonly OrderStatus[] = ['filled', 'cancelled', 'rejected', 'expired', 'denied'];
const lives: readonly OrderStatus[] = ['accepted', 'open', 'triggered', 'part_filled'];

/** Nothing more is expected of it. */
export function hasEnded({ status }: Pick<OrderState, 'status'>): boolean {
  return ends.includes(status);
}

/** The broker has it, and it can still trade. */
export function isLive({ status }: Pick<OrderState, 'status'>): boolean {
  return lives.includes(status);
}

/** A request whose outcome is not known yet. */
export function isUnderWay(request: SubRequest | null): boolean {
  return request !== null && ['waiting', 'sending', 'unknown'].includes(request.status);
}

/** Units of the trades that are known. */
export function tradedQuantity({ trades }: Pick<OrderState, 'trades'>): number {
  return trades.reduce((sum, { quantity }) => sum + quantity, 0);
}

/** Something that cannot be, with the state as it was. */
export function illegal(state: OrderState, code: string, message: string): OrderStep {
  const id = state.order.clientOrderId;
  return { state, effects: [{ type: 'illegal', code, message: `order ${id}: ${message}` }] };
}

/** The state alone. */
export function quiet(state: OrderState): OrderStep {
  return { state, effects: [] };
}
