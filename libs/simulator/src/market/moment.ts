import type { Board } from './trading-time';

/** Where each board stands: now while it trades, else at its last close. Epoch ms. */
export type Moment = Readonly<Record<Board, number>>;

/** The instant whose level a board's prices follow: derivatives stop moving with the shares. */
export function levelMs(moment: Moment, board: Board): number {
  return board === 'commodities' ? moment.commodities : moment.cash;
}
