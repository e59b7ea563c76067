import { indiaInstant } from '@strikewire/contracts';
import { addDays, createIndiaDates, weekdayOf } from './dates';

/** What trades together: shares and indices, futures and options on them, or commodities. */
export type Board = 'cash' | 'derivatives' | 'commodities';

/** All of them. */
export const boards: readonly Board[] = ['cash', 'derivatives', 'commodities'];

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

/** When commodities trade: on weekdays by era, but on the days named as these say. */
export interface CommoditySessions {
  eras: readonly { from: string; hours: Hours }[];
  /** Dates with hours of their own; null: closed. */
  days?: Readonly<Record<string, Hours | null>>;
}

/**
 * When the exchange trades. `always`: every day, midnight to midnight. Without hours of their own
 * commodities keep those of the derivatives.
 */
export type SessionPlan =
  | { kind: 'always' }
  | {
      kind: 'hours';
      eras: readonly SessionEra[];
      extraDays?: readonly string[];
      commodities?: CommoditySessions;
    };

export interface TradingTime {
  /**
   * A weekday that is no holiday, or an extra session day; expiries fall on such days only.
   * Derivatives' days when no board is named.
   */
  isBusinessDay(date: string, board?: Board): boolean;
  /** The session of a date in epoch ms; undefined on days without one. */
  session(board: Board, date: string): Session | undefined;
  isOpen(board: Board, wallMs: number): boolean;
  /** The instant itself while open, else the end of the last session before it. */
  lastTradingMs(board: Board, wallMs: number): number;
  /** When some board opens or closes next; undefined when that never happens. */
  nextChangeMs(wallMs: number): number | undefined;
  /** When options of this expiry date end; those on shares and indices with the cash market. */
  expiryMs(date: string, board?: Board): number;
}

/** Epoch ms. */
interface Session {
  openMs: number;
  closeMs: number;
}

const daysSearched = 30;
const dayMinutes = 24 * 60;
const allDay: Hours = { openMinute: 0, closeMinute: dayMinutes };

/** `holidays`: full closing days, `YYYY-MM-DD`; they move expiries also under `always`. */
export function createTradingTime(plan: SessionPlan, holidays: readonly string[]): TradingTime {
  const dateOf = createIndiaDates();
  const isBusinessDay = businessDays(plan, holidays);
  const latest = new Map<Board, { date: string; session: Session | undefined }>();
  const session: TradingTime['session'] = (board, date) => {
    const before = latest.get(board);
    if (before?.date === date) return before.session;
    const isClosed = plan.kind === 'hours' && !isBusinessDay(date, board);
    const found = isClosed ? undefined : instantsOf(hoursOf(plan, board, date), date);
    latest.set(board, { date, session: found });
    return found;
  };
  return {
    isBusinessDay,
    session,
    isOpen(board, wallMs) {
      const today = session(board, dateOf(wallMs));
      return today !== undefined && wallMs >= today.openMs && wallMs < today.closeMs;
    },
    lastTradingMs(board, wallMs) {
      let date = dateOf(wallMs);
      for (let day = 0; day < daysSearched; day++, date = addDays(date, -1)) {
        const found = session(board, date);
        if (found && found.openMs <= wallMs) return Math.min(wallMs, found.closeMs);
      }
      return wallMs;
    },
    nextChangeMs(wallMs) {
      return plan.kind === 'always' ? undefined : nextChangeMs(session, dateOf(wallMs), wallMs);
    },
    expiryMs(date, board = 'cash') {
      const { closeMs } = instantsOf(hoursOf(plan, board, date), date);
      return closeMs;
    },
  };
}

function businessDays(
  plan: SessionPlan,
  holidays: readonly string[],
): TradingTime['isBusinessDay'] {
  const closed = new Set(holidays);
  const extra = new Set(plan.kind === 'hours' ? (plan.extraDays ?? []) : []);
  const own = plan.kind === 'hours' ? plan.commodities : undefined;
  return (date, board) => {
    const weekday = weekdayOf(date);
    const isWeekday = weekday !== 0 && weekday !== 6;
    if (board === 'commodities' && own) {
      const named = own.days?.[date];
      return named === undefined ? isWeekday : named !== null;
    }
    return extra.has(date) || (isWeekday && !closed.has(date));
  };
}

function hoursOf(plan: SessionPlan, board: Board, date: string): Hours {
  if (plan.kind === 'always') return allDay;
  const own = board === 'commodities' ? plan.commodities : undefined;
  if (own) return own.days?.[date] ?? eraOf(own.eras, date)?.hours ?? allDay;
  const era = eraOf(plan.eras, date);
  if (!era) return { openMinute: 0, closeMinute: 0 };
  return board === 'cash' ? era.cash : era.derivatives;
}

function eraOf<T extends { from: string }>(eras: readonly T[], date: string): T | undefined {
  return eras.filter(({ from }) => from <= date).at(-1) ?? eras[0];
}

function instantsOf({ openMinute, closeMinute }: Hours, date: string): Session {
  return { openMs: indiaInstant(date, openMinute), closeMs: indiaInstant(date, closeMinute) };
}

function nextChangeMs(
  session: TradingTime['session'],
  today: string,
  wallMs: number,
): number | undefined {
  let date = today;
  for (let day = 0; day < daysSearched; day++, date = addDays(date, 1)) {
    const edges = boards.flatMap((board) => {
      const found = session(board, date);
      return found ? [found.openMs, found.closeMs] : [];
    });
    const ahead = edges.filter((edge) => edge > wallMs);
    if (ahead.length > 0) return Math.min(...ahead);
  }
  return undefined;
}
