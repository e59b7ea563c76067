import { indiaDateOf, isIsoDate } from '@strikewire/contracts';
import type { ServedResponse } from '@strikewire/runtime';
import type { Board } from '../../market/trading-time';
import { failure, success } from '../envelopes';
import type { OpenCall, UpstoxDeps, UserCall } from './rest-call';

/** Exchanges by the calendar's names, which are not those of segments. */
const boardOf: Readonly<Record<string, Board>> = {
  NSE: 'cash', BSE: 'cash', NFO: 'derivatives', BFO: 'derivatives', MCX: 'commodities',
};
/** Of the NSE and BSE. */
const closedTogether = ['NSE', 'NFO', 'CDS', 'BSE', 'BFO', 'BCD'];

/** GET /v2/market/status/{exchange} */
export function marketStatusRoute({ deps, rest }: UserCall): ServedResponse {
  const board = Object.hasOwn(boardOf, rest) ? boardOf[rest] : undefined;
  if (!board) return failure('UDAPI100036', 'exchange');
  const status = deps.market.isOpen(board) ? 'NORMAL_OPEN' : 'NORMAL_CLOSE';
  return success({
    exchange: rest, status, last_updated: Math.floor(deps.clock.wallMs() + deps.faults.skewMs()),
  });
}

/** GET /v2/market/timings/{date}; empty on days without a session. */
export function timingsRoute({ deps, rest }: OpenCall): ServedResponse {
  if (!isIsoDate(rest)) return failure('UDAPI1088', 'date');
  return success(Object.keys(boardOf).flatMap((exchange) => hoursOf(deps, exchange, rest)));
}

/** GET /v2/market/holidays and /v2/market/holidays/{date}; of the running year only. */
export function holidaysRoute({ deps, rest }: OpenCall): ServedResponse {
  if (rest !== '' && !isIsoDate(rest)) return failure('UDAPI1088', 'date');
  const year = indiaDateOf(deps.clock.wallMs()).slice(0, 4);
  const dates = deps.holidays.filter((date) =>
    date.startsWith(year) && (rest === '' || date === rest));
  return success(dates.map((date) => {
    const open = hoursOf(deps, 'MCX', date);
    const closed = open.length === 0 ? [...closedTogether, 'MCX'] : closedTogether;
    return {
      date,
      description: 'Trading holiday',
      holiday_type: 'TRADING_HOLIDAY',
      closed_exchanges: closed,
      open_exchanges: open,
    };
  }));
}

function hoursOf({ market }: UpstoxDeps, exchange: string, date: string): object[] {
  const session = market.session(boardOf[exchange] ?? 'cash', date);
  return session
    ? [{ exchange, start_time: session.openMs, end_time: session.closeMs }]
    : [];
}
