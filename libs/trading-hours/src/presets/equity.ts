import { templateFormat, type PhaseWindow, type TradingHoursInput } from '../core/template';
import { equityClosures } from './holiday-entries';
import { equitySpecialDays, settlementHolidays } from './special-days';
import { eraOn, workdays } from './week';

const shares = ['default', 'equity_fno'];
const all = (phase: PhaseWindow['phase'], start: string, end: string): PhaseWindow => {
  return { phase, start, end, classes: shares };
};
const only = (name: string) => (phase: PhaseWindow['phase'], start: string, end: string) => ({
  ...all(phase, start, end),
  classes: [name],
});
const [others, withDerivatives, blocks] = [only('default'), only('equity_fno'), only('block_deal')];

const opening = (date: string, enters = '09:00', matches = '09:08'): PhaseWindow[] => [
  all('pre_open', enters, matches),
  all('pre_open_matching', matches, date),
];
const day = [...opening('09:15'), all('continuous', '09:15', '15:30')];
const usualDay = [...day, all('post_close', '15:40', '16:00')];
/** Of a block deal, other shares see the window before the opening alone. */
const blockDeals: PhaseWindow[] = [
  { phase: 'block_deal', start: '08:45', end: '09:00' },
  blocks('block_deal', '14:05', '14:20'),
];
const auctionDay: PhaseWindow[] = [
  ...blockDeals,
  ...opening('09:15'),
  others('continuous', '09:15', '15:30'),
  withDerivatives('continuous', '09:15', '15:15'),
  withDerivatives('reference_price', '15:15', '15:20'),
  withDerivatives('closing_auction', '15:20', '15:30'),
  withDerivatives('closing_auction_matching', '15:30', '15:35'),
  all('post_close', '15:50', '16:00'),
];
const circular = 'exchange circular; confidence: high';
const eras = [
  { from: '2015-01-01', windows: usualDay, source: circular },
  { from: '2024-01-01', windows: [...blockDeals, ...usualDay], source: circular },
  {
    from: '2026-08-03',
    windows: auctionDay,
    source: `${circular}: closing auction of shares with derivatives`,
  },
];

const special = equitySpecialDays({
  full: (date) => eraOn(eras, date).windows,
  hours: (windows) => windows.map(([start, end]) => all('continuous', start, end)),
  drill: [
    ...opening('09:15'),
    all('continuous', '09:15', '10:00'),
    ...opening('11:30', '11:15', '11:23'),
    all('continuous', '11:30', '12:30'),
    all('post_close', '12:40', '12:50'),
  ],
});

/** Shares at NSE; those with derivatives close in an auction: class `equity_fno`. */
export const nseEquity: TradingHoursInput = {
  format: templateFormat,
  name: 'NSE equity',
  exchange: 'NSE',
  segment: 'equity',
  tradable: {
    default: ['continuous'],
    equity_fno: ['continuous', 'closing_auction'],
    block_deal: ['block_deal'],
  },
  weeks: eras.map(({ from, windows, source }) => workdays(from, windows, source)),
  dates: [...equityClosures, ...special, ...settlementHolidays],
  overrides: [
    {
      kind: 'special',
      date: '2021-02-24',
      name: 'Halted from 11:40, open again from 15:45 to 17:00',
      source: 'press; confidence: high',
      knownAt: '2021-02-24T15:45:00+05:30',
      windows: [
        ...opening('09:15'),
        all('continuous', '09:15', '11:40'),
        all('halt', '11:40', '15:45'),
        all('continuous', '15:45', '17:00'),
      ],
    },
  ],
  verifiedYears: [2024, 2025, 2026],
};
