import { templateFormat, type DateEntry, type PhaseWindow } from '../core/template';
import type { TradingHoursInput } from '../core/template';
import { mcxClosures } from './holiday-entries';
import { mcxSpecialDays } from './special-days';
import { workdays } from './week';

const circular = 'exchange circular; confidence: high';
const pandemic = 'exchange circular: shorter hours during the pandemic; confidence: high';

/** 23:30 while New York is on daylight time, else 23:55. */
const newYork = { rule: 'new_york_dst', daylight: '23:30', standard: '23:55' } as const;

/** Orders can be cancelled in the quarter of an hour before the opening. */
const cancelling = { '09:00': ['08:45', '08:59'], '10:00': ['09:45', '09:59'] } as const;

function day(start: keyof typeof cancelling, ends: Pick<PhaseWindow, 'end' | 'classes'>[]) {
  const [from, to] = cancelling[start];
  const cancel: PhaseWindow = { phase: 'order_cancel', start: from, end: to };
  return [cancel, ...ends.map((end): PhaseWindow => ({ phase: 'continuous', start, ...end }))];
}

/** Openings that came late, as it went. */
const lateOpenings: DateEntry[] = [
  {
    kind: 'partial',
    date: '2024-02-13',
    name: 'Opened about four hours late after a change of platform; the minute is not confirmed',
    source: 'press; confidence: low to medium',
    opens: '13:00',
    knownAt: '2024-02-13T13:00:00+05:30',
  },
  {
    kind: 'partial',
    date: '2025-07-23',
    name: 'Opened late, at about 10:17',
    source: 'press, one account has another year; confidence: medium',
    opens: '10:17',
    knownAt: '2025-07-23T10:17:00+05:30',
  },
  {
    kind: 'partial',
    date: '2025-10-28',
    name: 'Opened at 13:25 from the recovery site, after six revised times',
    source: 'filing of the exchange as the press had it; confidence: high',
    opens: '13:25',
    knownAt: '2025-10-28T13:25:00+05:30',
  },
];

const shared = {
  format: templateFormat as typeof templateFormat,
  exchange: 'MCX',
  overrides: lateOpenings,
  // The days of 2024 and before are by rule, in parts.
  verifiedYears: [2025, 2026],
};

/** Metals and energy at MCX. */
export const mcxCommodities: TradingHoursInput = {
  ...shared,
  name: 'MCX non-agri',
  segment: 'commodity',
  weeks: [
    workdays('2015-01-01', day('10:00', [{ end: newYork }]), circular),
    workdays('2018-12-31', day('09:00', [{ end: newYork }]), circular),
    workdays('2020-03-30', day('09:00', [{ end: '17:00' }]), pandemic),
    workdays('2020-04-23', day('09:00', [{ end: newYork }]), circular),
  ],
  dates: [...mcxClosures, ...mcxSpecialDays('23:55')],
};

/** Of what is not traded abroad as well the evening is missing. */
const agri = [
  { end: '21:00', classes: ['default'] },
  { end: '17:00', classes: ['other_agri'] },
];

/** Crops at MCX with a price abroad (cotton, palm oil); class `other_agri` for the rest. */
export const mcxCrops: TradingHoursInput = {
  ...shared,
  name: 'MCX agri',
  segment: 'agri',
  tradable: { default: ['continuous'], other_agri: ['continuous'] },
  weeks: [
    workdays('2015-01-01', day('10:00', agri), 'exchange circular; confidence: medium'),
    workdays('2018-12-31', day('09:00', agri), circular),
    workdays('2020-03-30', day('09:00', [{ end: '17:00' }]), `${pandemic}; its end is not known`),
    workdays('2024-01-01', day('09:00', agri), 'to 21:00 again by then; confidence: medium'),
  ],
  dates: [...mcxClosures, ...mcxSpecialDays('21:00')],
};
