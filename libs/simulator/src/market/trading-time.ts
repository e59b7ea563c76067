import { indiaDateOf, indiaInstant } from '@strikewire/contracts';
import { addDays, weekdayOf } from './dates';

/** What trades together: shares and indices, or futures and options. */
export type Board = 'cash' | 'derivatives';

/** Minutes after midnight in India. */
export interface Hours {
  openMinute: number;
  closeMinute: number;
}

/** Hours in force from a date on, until the next era. */
export interface SessionEra {
  from: string;
  cash: Hours;
  derivatives: Hours;
}

/** When the exchange trades. `always`: every day, midnight to midnight. */
export type SessionPlan =
  | { kind: 'always' }
  | { kind: 'hours'; eras: readonly SessionEra[]; extraDays?: readonly string[] };

export interface TradingTime {
  /** A weekday that is no holiday, or an extra session day; expiries fall on such days only. */
  isBusinessDay(date: string): boolean;
  /** The session of a date in epoch ms; undefined on days without one. */
  session(board: Board, date: string): { openMs: number; closeMs: number } | undefined;
  isOpen(board: Board, wallMs: number): boolean;
  /** The instant itself while open, else the end of the last session before it. */
  lastTradingMs(board: Board, wallMs: number): number;
  /** When some board opens or closes next; undefined when that never happens. */
  nextChangeMs(wallMs: number): number | undefined;
  /** When options of this expiry date end. */
  expiryMs(date: string): number;
}

const daysSearched = 30;
const dayMinutes = 24 * 60;

/** `holidays`: full closing days, `YYYY-MM-DD`; they move expiries also under `always`. */
export function createTradingTime(plan: SessionPlan, holidays: readonly string[]): TradingTime {
  const closed = new Set(holidays);
  const extra = new Set(plan.kind === 'hours' ? (plan.extraDays ?? []) : []);
  const isBusinessDay = (date: string): boolean => {
    if (extra.has(date)) return true;
    const weekday = weekdayOf(date);
    return weekday !== 0 && weekday !== 6 && !closed.has(date);
  };
  const session: TradingTime['session'] = (board, date) => {
    if (plan.kind === 'hours' && !isBusinessDay(date)) return undefined;
    const { openMinute, closeMinute } = hoursOf(plan, board, date);
    return { openMs: indiaInstant(date, openMinute), closeMs: indiaInstant(date, closeMinute) };
  };
  return {
    isBusinessDay,
    session,
    isOpen(board, wallMs) {
      const today = session(board, indiaDateOf(wallMs));
      return today !== undefined && wallMs >= today.openMs && wallMs < today.closeMs;
    },
    lastTradingMs: (board, wallMs) => lastTradingMs(session, board, wallMs),
    nextChangeMs: (wallMs) => (plan.kind === 'always' ? undefined : nextChangeMs(session, wallMs)),
    expiryMs: (date) => indiaInstant(date, hoursOf(plan, 'cash', date).closeMinute),
  };
}

function hoursOf(plan: SessionPlan, board: Board, date: string): Hours {
  if (plan.kind === 'always') return { openMinute: 0, closeMinute: dayMinutes };
  const era = plan.eras.filter(({ from }) => from <= date).at(-1) ?? plan.eras[0];
  if (!era) return { openMinute: 0, closeMinute: 0 };
  return board === 'derivatives' ? era.derivatives : era.cash;
}

function lastTradingMs(session: TradingTime['session'], board: Board, wallMs: number): number {
  let date = indiaDateOf(wallMs);
  for (let day = 0; day < daysSearched; day++, date = addDays(date, -1)) {
    const found = session(board, date);
    if (found && found.openMs <= wallMs) return Math.min(wallMs, found.closeMs);
  }
  return wallMs;
}

function nextChangeMs(session: TradingTime['session'], wallMs: number): number | undefined {
  let date = indiaDateOf(wallMs);
  for (let day = 0; day < daysSearched; day++, date = addDays(date, 1)) {
    const edges = (['cash', 'derivatives'] as const).flatMap((board) => {
      const found = session(board, date);
      return found ? [found.openMs, found.closeMs] : [];
    });
    const ahead = edges.filter((edge) => edge > wallMs);
    if (ahead.length > 0) return Math.min(...ahead);
  }
  return undefined;
}
