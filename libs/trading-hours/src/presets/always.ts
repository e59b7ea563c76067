import { templateFormat, type PhaseWindow, type TradingHoursInput } from '../core/template';

const day: PhaseWindow[] = [{ phase: 'continuous', start: '00:00', end: '24:00' }];

/** Every hour of every day, to try the platform at night: not applied unless somebody does. */
export const always: TradingHoursInput = {
  format: templateFormat,
  name: '24x7',
  exchange: 'NSE',
  segment: 'fno',
  weeks: [
    {
      from: '2015-01-01',
      days: { sun: day, mon: day, tue: day, wed: day, thu: day, fri: day, sat: day },
      source: 'none: no exchange has these hours',
    },
  ],
  verifiedYears: Array.from({ length: 26 }, (_, index) => 2015 + index),
};
