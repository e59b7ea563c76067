import { templateFormat, type DateEntry, type PhaseWindow } from '../core/template';
import type { TradingHoursInput } from '../core/template';
import { equityClosures } from './holiday-entries';
import { equitySpecialDays, settlementHolidays } from './special-days';
import { continuous, eraOn, workdays } from './week';

const circular = 'exchange circular; confidence: high';
const preOpen: PhaseWindow[] = [
  { phase: 'pre_open', start: '09:00', end: '09:08' },
  { phase: 'pre_open_matching', start: '09:08', end: '09:15' },
];
const eras = [
  { from: '2015-01-01', windows: continuous([['09:15', '15:30']]), source: circular },
  {
    from: '2025-12-08',
    windows: [...preOpen, ...continuous([['09:15', '15:30']])],
    source: `${circular}: a pre-open session, of futures alone`,
  },
  {
    from: '2026-08-03',
    windows: [...preOpen, ...continuous([['09:15', '15:40']])],
    source: `${circular}: to 15:40 since the cash market has a closing auction`,
  },
];

/** The day on which NSE's network failed, as it went. */
const outage = { date: '2021-02-24', knownAt: '2021-02-24T15:45:00+05:30' };
const nseOutage: DateEntry = {
  kind: 'special',
  ...outage,
  name: 'Halted from 11:43, open again from 15:45 to 17:00',
  source: 'press; confidence: high',
  windows: [
    { phase: 'continuous', start: '09:15', end: '11:43' },
    { phase: 'halt', start: '11:43', end: '15:45' },
    { phase: 'continuous', start: '15:45', end: '17:00' },
  ],
};
const bseExtension: DateEntry = {
  kind: 'extension',
  ...outage,
  name: 'Open to 17:00 because of the outage at NSE',
  source: 'press; confidence: medium',
  minutes: 90,
};

function derivatives(exchange: string, overrides: DateEntry[]): TradingHoursInput {
  const special = equitySpecialDays({
    full: (date) => eraOn(eras, date).windows,
    hours: continuous,
    drill: continuous([['09:15', '10:00'], ['11:30', '12:30']]),
  });
  return {
    format: templateFormat,
    name: `${exchange} F&O`,
    exchange,
    segment: 'fno',
    // Options take no part in the pre-open session.
    tradable: { default: ['continuous'], futures: ['pre_open', 'continuous'] },
    weeks: eras.map(({ from, windows, source }) => workdays(from, windows, source)),
    dates: [...equityClosures, ...special, ...settlementHolidays],
    overrides,
    verifiedYears: [2024, 2025, 2026],
  };
}

/** Futures and options at NSE. */
export const nseDerivatives = derivatives('NSE', [nseOutage]);
/** Futures and options at BSE. */
export const bseDerivatives = derivatives('BSE', [bseExtension]);
