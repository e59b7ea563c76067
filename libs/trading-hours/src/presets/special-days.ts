import type { DateEntry, PhaseWindow } from '../core/template';

const high = 'exchange circular as the press had it; the index has a close; confidence: high';
const byRule = 'start as the press had it, one hour by rule; the index has a close; '
  + 'confidence: medium';
const unknown = 'date from the published list; hours were not found; confidence: low';

/** What a special day's windows are made of; segments differ in what surrounds continuous hours. */
export interface SpecialHours {
  /** A weekday's hours in full, as they were on that date. */
  full(date: string): PhaseWindow[];
  /** Continuous hours alone. */
  hours(windows: readonly (readonly [start: string, end: string])[]): PhaseWindow[];
  /** The two windows of a drill at the recovery site. */
  drill: PhaseWindow[];
}

type Muhurat = readonly [date: string, start: string, end: string, source: string];

const muhurats: readonly Muhurat[] = [
  ['2015-11-11', '17:45', '18:45', byRule],
  ['2016-10-30', '18:30', '19:30', byRule],
  ['2017-10-19', '18:30', '19:30', byRule],
  ['2018-11-07', '17:30', '18:30', byRule],
  ['2021-11-04', '18:15', '19:15', byRule],
  ['2022-10-24', '18:15', '19:15', byRule],
  ['2023-11-12', '18:15', '19:15', byRule],
  ['2024-11-01', '18:00', '19:00', high],
  ['2025-10-21', '13:45', '14:45', high],
];

const fullDays: readonly (readonly [date: string, name: string])[] = [
  ['2015-02-28', 'Budget Saturday, full session'],
  ['2020-02-01', 'Budget Saturday, full session'],
  ['2025-02-01', 'Budget Saturday, full session'],
  ['2026-02-01', 'Budget Sunday, full session'],
];

const drills = ['2024-03-02', '2024-05-18'];
const muhuratName = 'Muhurat trading, Diwali Laxmi Pujan';

/** Days of NSE's and BSE's equity and derivatives with hours of their own. */
export function equitySpecialDays({ full, hours, drill }: SpecialHours): DateEntry[] {
  return [
    ...muhurats.map(([date, start, end, source]): DateEntry => {
      return { kind: 'special', date, name: muhuratName, source, windows: hours([[start, end]]) };
    }),
    ...fullDays.map(([date, name]): DateEntry => {
      return { kind: 'special', date, name, source: high, windows: full(date) };
    }),
    ...drills.map((date): DateEntry => {
      const name = 'Drill at the recovery site, two windows';
      return { kind: 'special', date, name, source: high, windows: drill };
    }),
    {
      kind: 'special',
      date: '2024-01-20',
      name: 'Drill at the recovery site, as first announced',
      source: 'announced on 28 December; its hours were not kept; confidence: medium',
      knownAt: '2023-12-28T00:00:00+05:30',
      windows: null,
    },
    {
      kind: 'special',
      date: '2024-01-20',
      name: 'Full Saturday session in place of the drill; Monday is closed',
      source: `${high}; the day of the notice is approximate`,
      knownAt: '2024-01-19T00:00:00+05:30',
      windows: full('2024-01-20'),
    },
    muhurat2026,
  ];
}

/** Announced, but not when. */
export const muhurat2026: DateEntry = {
  kind: 'special',
  date: '2026-11-08',
  name: muhuratName,
  source: unknown,
  windows: null,
};

const mcxMuhurats: readonly Muhurat[] = [
  ['2015-11-11', '18:00', '20:30', 'a published list; confidence: low'],
  ['2018-11-07', '17:00', '23:55', 'press: the whole evening; confidence: medium'],
  ['2021-11-04', '18:15', '19:15', 'press; confidence: medium'],
  ['2022-10-24', '18:15', '19:15', 'the hour of NSE, by rule; confidence: low'],
  ['2023-11-12', '18:15', '19:15', 'the hour of NSE, by rule; confidence: low'],
  ['2024-11-01', '18:00', '19:00', 'press: one hour for all segments; confidence: medium'],
  ['2025-10-21', '13:45', '14:45', 'press; confidence: high'],
];

/** MCX's days with hours of their own; `latest`: when the segment closes at the latest. */
export function mcxSpecialDays(latest: string): DateEntry[] {
  const hours = (start: string, end: string): PhaseWindow[] => [
    { phase: 'continuous', start, end: end < latest ? end : latest },
  ];
  return [
    ...mcxMuhurats.map(([date, start, end, source]): DateEntry => {
      return { kind: 'special', date, name: muhuratName, source, windows: hours(start, end) };
    }),
    ...['2016-10-30', '2017-10-19'].map((date): DateEntry => {
      return { kind: 'special', date, name: muhuratName, source: unknown, windows: null };
    }),
    ...['2025-02-01', '2026-02-01'].map((date): DateEntry => ({
      kind: 'special',
      date,
      name: 'Budget day, to 17:00',
      source: 'press; confidence: high',
      windows: [
        { phase: 'order_cancel', start: '08:45', end: '08:59' },
        ...hours('09:00', '17:00'),
      ],
    })),
    muhurat2026,
  ];
}

const settlement: readonly (readonly [date: string, name: string, knownAt?: string])[] = [
  ['2025-02-01', 'Budget Saturday'],
  ['2025-02-19', 'Settlement holiday of February'],
  ['2025-04-01', 'Annual closing of the banks'],
  ['2025-05-12', 'Buddha Purnima'],
  ['2025-09-05', 'Settlement holiday of September'],
  ['2025-09-08', 'Settlement holiday, added three days before', '2025-09-05T00:00:00+05:30'],
  ['2025-10-21', 'Diwali Laxmi Pujan'],
  ['2026-02-01', 'Budget Sunday'],
];

/** Days of trading without settlement at NSE and BSE, as far as they are known. */
export const settlementHolidays: readonly DateEntry[] = settlement.map(
  ([date, name, knownAt]) => ({
    kind: 'settlement_holiday',
    date,
    name,
    source: 'a published list, in parts; confidence: medium',
    ...(knownAt === undefined ? {} : { knownAt }),
  }),
);
