import { templateFormat, type TradingHoursInput } from '../core/template';
import { equityClosures } from './holiday-entries';
import { muhurat2026 } from './special-days';
import { continuous, workdays } from './week';

const name = 'Muhurat trading, Diwali Laxmi Pujan';

/** Currency derivatives at NSE: no list of their own is known, so that no year is verified. */
export const nseCurrency: TradingHoursInput = {
  format: templateFormat,
  name: 'NSE currency',
  exchange: 'NSE',
  segment: 'currency',
  weeks: [
    workdays('2015-01-01', continuous([['09:00', '17:00']]), 'press; confidence: medium'),
  ],
  dates: [
    ...equityClosures.map((entry) => ({
      ...entry,
      source: 'closed as the cash market is, by rule; confidence: medium',
    })),
    {
      kind: 'closed',
      date: '2025-09-08',
      name: 'Holiday of the currency segment alone, added three days before',
      source: 'exchange notice as the press had it; confidence: high',
      knownAt: '2025-09-05T00:00:00+05:30',
    },
    {
      kind: 'special',
      date: '2024-11-01',
      name,
      source: 'press: one hour for all segments; confidence: medium',
      windows: continuous([['18:00', '19:00']]),
    },
    {
      kind: 'special',
      date: '2025-10-21',
      name,
      source: 'hours of this segment were not found; confidence: low',
      windows: null,
    },
    muhurat2026,
  ],
};
