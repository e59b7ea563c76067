import type { BrokerOrderLimits, OrderRateLimit } from '@strikewire/broker';

/** What is sent about an order; each of them counts. */
export type OrderCall = 'place' | 'modify' | 'cancel';

/** Everything that binds one account. */
export interface OrderRateRules {
  limits: readonly OrderRateLimit[];
  /** Modifications that one order may see; null: no limit. */
  modificationsPerOrder: number | null;
  /** A limit that would make a call wait longer than this refuses it. */
  waitMostMs: number;
}

/**
 * 8/s for each segment: the regulator's 10/s of an unregistered algorithm with room for what
 * others send by hand. Modifications and cancellations count like orders.
 */
export const regulatorLimit: OrderRateLimit = {
  name: 'segment_second',
  limit: 8,
  windowMs: 1_000,
  per: 'segment',
};

/** Of limits that fill up for long, this share is kept for what lowers a risk. */
const reservedShare = 0.1;
const reservedFromMs = 60_000;

/** The rules of an account: the regulator's and its broker's. */
export function orderRateRules(broker: BrokerOrderLimits, waitMostMs = 2_000): OrderRateRules {
  const windows: readonly (readonly [string, number | null, number])[] = [
    ['account_second', broker.perSecond, 1_000],
    ['account_minute', broker.perMinute, 60_000],
    ['account_hour', broker.perHour, 3_600_000],
    ['account_day', broker.perDay, 86_400_000],
  ];
  const limits = windows.flatMap(([name, limit, windowMs]): OrderRateLimit[] =>
    limit === null ? [] : [{ name, limit, windowMs, per: 'account' }]);
  return {
    limits: [regulatorLimit, ...[...limits, ...(broker.others ?? [])].map(withReserve)],
    modificationsPerOrder: broker.modificationsPerOrder,
    waitMostMs,
  };
}

function withReserve(limit: OrderRateLimit): OrderRateLimit {
  const isOpen = limit.windowMs < reservedFromMs || limit.reserved !== undefined;
  return isOpen ? limit : { ...limit, reserved: Math.floor(limit.limit * reservedShare) };
}

/** A call that wants to be sent. */
export interface RateRequest {
  /** Unique among the calls of the account; the client order id for a place will do. */
  callId: string;
  orderId: string;
  call: OrderCall;
  segment: string;
  /** May use what is reserved: exits, cancellations, the kill switch. */
  lowersRisk: boolean;
}

interface Place {
  callId: string;
  segment: string;
  sentMs: number;
  /** When its answer came; null: it may still arrive at the broker. */
  answeredMs: number | null;
}

/**
 * What was sent, by one account. A call holds its place from its sending until the window has
 * passed since its answer: whenever it reached the broker, no window there held more.
 */
export interface OrderRates {
  readonly places: readonly Place[];
  readonly modifications: ReadonlyMap<string, number>;
  readonly latestMs: number;
}

/** Nothing was sent. */
export const noOrderRates: OrderRates = {
  places: [],
  modifications: new Map(),
  latestMs: -Infinity,
};

/** May it go? `denied` names the limit; `free` is when it would have a place. */
export type Admission =
  | { kind: 'ok'; state: OrderRates }
  | { kind: 'wait'; waitMs: number; limit: string }
  | { kind: 'denied'; limit: string; reason: string };

/**
 * Asks for a place; with `ok` it is taken, and the call has to be sent now, `answered` or
 * `released`. A clock that goes back is read as standing still. At most as many places are kept as
 * the longest window lets in.
 */
export function admit(
  state: OrderRates,
  request: RateRequest,
  nowMs: number,
  rules: OrderRateRules,
): Admission {
  const atMs = Math.max(nowMs, state.latestMs);
  const changed = state.modifications.get(request.orderId) ?? 0;
  const most = rules.modificationsPerOrder;
  if (request.call === 'modify' && most !== null && changed >= most) {
    const reason = `the order was modified ${changed} times, at most ${most} are allowed`;
    return { kind: 'denied', limit: 'order_modifications', reason };
  }
  const binding = latest(rules.limits.map((limit) => freeAt(state, request, limit, atMs)));
  if (binding !== null && binding.freeMs > atMs) {
    const waitMs = binding.freeMs - atMs;
    const { name } = binding.limit;
    if (waitMs <= rules.waitMostMs) return { kind: 'wait', waitMs, limit: name };
    return { kind: 'denied', limit: name, reason: deniedBy(binding.limit, waitMs) };
  }
  const longest = Math.max(0, ...rules.limits.map(({ windowMs }) => windowMs));
  const { callId, segment } = request;
  const kept = state.places.filter(({ answeredMs }) => holds(answeredMs, longest, atMs));
  const place = { callId, segment, sentMs: atMs, answeredMs: null };
  const modifications = new Map(state.modifications);
  if (request.call === 'modify') modifications.set(request.orderId, changed + 1);
  return { kind: 'ok', state: { places: [...kept, place], modifications, latestMs: atMs } };
}

/** The broker answered, or the connection is gone: the call arrives no later than this. */
export function answered(state: OrderRates, callId: string, nowMs: number): OrderRates {
  const atMs = Math.max(nowMs, state.latestMs);
  const places = state.places.map((place) =>
    place.callId === callId && place.answeredMs === null ? { ...place, answeredMs: atMs } : place);
  return { ...state, places, latestMs: atMs };
}

/** The call has provably not left: its place is free again. */
export function released(state: OrderRates, request: RateRequest): OrderRates {
  const isIts = (place: Place): boolean =>
    place.callId === request.callId && place.answeredMs === null;
  if (!state.places.some(isIts)) return state;
  const modifications = new Map(state.modifications);
  const changed = modifications.get(request.orderId) ?? 0;
  if (request.call === 'modify') modifications.set(request.orderId, Math.max(0, changed - 1));
  return { ...state, places: state.places.filter((place) => !isIts(place)), modifications };
}

/** The order lives no more: its modifications need not be counted. */
export function orderClosed(state: OrderRates, orderId: string): OrderRates {
  if (!state.modifications.has(orderId)) return state;
  const modifications = new Map(state.modifications);
  modifications.delete(orderId);
  return { ...state, modifications };
}

/** What an earlier run sent, from its log; whatever was under way counts as arriving at `nowMs`. */
export function restoreRates(
  sent: readonly { callId: string; segment: string; sentMs: number; answeredMs: number | null }[],
  modifications: ReadonlyMap<string, number>,
  nowMs: number,
): OrderRates {
  const places = sent
    .map((one) => ({ ...one, answeredMs: Math.min(one.answeredMs ?? nowMs, nowMs) }))
    .sort((a, b) => a.sentMs - b.sentMs);
  return { places, modifications: new Map(modifications), latestMs: nowMs };
}

/** How full each limit is, for the console. */
export function rateUse(
  state: OrderRates,
  segment: string,
  nowMs: number,
  rules: OrderRateRules,
): { name: string; used: number; limit: number; windowMs: number }[] {
  return rules.limits.map((limit) => {
    const used = heldBy(state, segment, limit, nowMs).length;
    return { name: limit.name, used, limit: limit.limit, windowMs: limit.windowMs };
  });
}

interface Free {
  limit: OrderRateLimit;
  /** Infinity: only an answer frees a place. */
  freeMs: number;
}

function freeAt(
  state: OrderRates,
  { segment, lowersRisk }: RateRequest,
  limit: OrderRateLimit,
  nowMs: number,
): Free {
  const most = limit.limit - (lowersRisk ? 0 : (limit.reserved ?? 0));
  const held = heldBy(state, segment, limit, nowMs);
  if (held.length < most) return { limit, freeMs: nowMs };
  const ends = held
    // An unanswered call is answered now at the earliest.
    .map(({ answeredMs }) => (answeredMs ?? nowMs) + limit.windowMs + 1)
    .sort((a, b) => a - b);
  return { limit, freeMs: ends[ends.length - most] ?? Infinity };
}

function heldBy(
  { places }: OrderRates,
  segment: string,
  { windowMs, per }: OrderRateLimit,
  nowMs: number,
): Place[] {
  return places.filter((place) =>
    (per === 'account' || place.segment === segment)
    && holds(place.answeredMs, windowMs, nowMs));
}

function holds(answeredMs: number | null, windowMs: number, nowMs: number): boolean {
  return answeredMs === null || answeredMs + windowMs >= nowMs;
}

function latest(all: readonly Free[]): Free | null {
  return all.reduce<Free | null>(
    (best, one) => (best === null || one.freeMs > best.freeMs ? one : best), null);
}

function deniedBy(
  { name, limit, windowMs, per, reserved = 0 }: OrderRateLimit,
  waitMs: number,
): string {
  const seconds = windowMs / 1_000;
  const free = Number.isFinite(waitMs) ? `a place is free in ${waitMs} ms` : 'no place gets free';
  const kept = reserved === 0 ? '' : ` (${reserved} are kept for what lowers a risk)`;
  return `${name}: ${limit} calls within ${seconds} s per ${per} are used${kept}, ${free}`;
}
