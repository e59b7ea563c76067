import { indiaDateOf, type Exchange } from '@strikewire/contracts';
import type { PaperAccount } from './paper-account';
import type { PaperCalendar, PaperPositionRecord, PaperSettings } from './paper-ports';
import type { PaperOrderRecord } from './paper-record';

type SquareOffRule = Pick<PaperSettings, 'squareOffMs'>;

/**
 * When a segment's day ends, and when intraday positions are closed before it (infinite: never);
 * epoch ms.
 */
export interface PaperDay {
  squareOffMs: number;
  closeMs: number;
}

const dayMs = 86_400_000;

/** Of the present day; of the next one after its close. */
export function dayOf(
  exchange: Exchange,
  calendar: PaperCalendar,
  rule: SquareOffRule,
  nowMs: number,
): PaperDay {
  const today = calendar.closeMs(exchange, indiaDateOf(nowMs));
  const closeMs = nowMs < today ? today : calendar.closeMs(exchange, indiaDateOf(nowMs + dayMs));
  return { closeMs, squareOffMs: squareOffMsOf(exchange, calendar, rule, closeMs) };
}

/** A market that goes on after its close, as hours around the clock do, squares nothing off. */
function squareOffMsOf(
  exchange: Exchange,
  calendar: PaperCalendar,
  { squareOffMs }: SquareOffRule,
  closeMs: number,
): number {
  return calendar.isOpen(exchange, closeMs) ? Infinity : closeMs - squareOffMs;
}

/** What is due in an account by `nowMs`, and when something is next. */
export interface PaperDues {
  expired: PaperOrderRecord[];
  /** Positions that are to be closed, and orders that may open more of them. */
  squareOff: PaperPositionRecord[];
  cancelled: PaperOrderRecord[];
  settled: PaperPositionRecord[];
  nextMs: number;
}

/** Orders end with their day, intraday positions before it, contracts after their last one. */
export function duesOf(
  account: PaperAccount,
  calendar: PaperCalendar,
  settings: SquareOffRule & Pick<PaperSettings, 'settleAfterMs'>,
  nowMs: number,
): PaperDues {
  const dues: PaperDues = {
    expired: [], squareOff: [], cancelled: [], settled: [], nextMs: Infinity,
  };
  const take = <T>(list: T[], one: T, atMs: number): void => {
    if (atMs <= nowMs) list.push(one);
    else dues.nextMs = Math.min(dues.nextMs, atMs);
  };
  for (const record of account.live) {
    take(dues.expired, record, record.dayEndMs);
    const { dayEndMs, facts, order } = record;
    if (order.request.product !== 'intraday' || dayEndMs <= nowMs) continue;
    take(dues.cancelled, record, squareOffMsOf(facts.exchange, calendar, settings, dayEndMs));
  }
  for (const one of account.positions) {
    const { exchange, expiry } = one.facts;
    if (one.position.netQuantity === 0) continue;
    const settleMs = calendar.closeMs(exchange, expiry) + settings.settleAfterMs;
    take(dues.settled, one, settleMs);
    if (one.position.product !== 'intraday' || settleMs <= nowMs) continue;
    take(dues.squareOff, one, dayOf(exchange, calendar, settings, nowMs).squareOffMs);
  }
  return dues;
}
