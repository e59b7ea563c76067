import type { CommoditySessions, Hours, SessionPlan } from '@strikewire/simulator';

/** Closing days of NSE and BSE in 2026, as the exchanges published them. */
export const holidays: readonly string[] = [
  '2026-01-15', // municipal elections in Maharashtra
  '2026-01-26', // Republic Day
  '2026-03-03', // Holi
  '2026-03-26', // Ram Navami
  '2026-03-31', // Mahavir Jayanti
  '2026-04-03', // Good Friday
  '2026-04-14', // Ambedkar Jayanti
  '2026-05-01', // Maharashtra Day
  '2026-05-28', // Bakri Id
  '2026-06-26', // Muharram
  '2026-09-14', // Ganesh Chaturthi
  '2026-10-02', // Gandhi Jayanti
  '2026-10-20', // Dussehra
  '2026-11-10', // Diwali Balipratipada
  '2026-11-24', // Guru Nanak Jayanti
  '2026-12-25', // Christmas
];

const minutes = (hour: number, minute: number): number => hour * 60 + minute;
const cash = { openMinute: minutes(9, 15), closeMinute: minutes(15, 30) };

const openMinute = minutes(9, 0);
const eveningStart = minutes(17, 0);
/** MCX closes later while New York is on winter time. */
const summer: Hours = { openMinute, closeMinute: minutes(23, 30) };
const winter: Hours = { openMinute, closeMinute: minutes(23, 55) };
const morning: Hours = { openMinute, closeMinute: eveningStart };
const evening = (hours: Hours): Hours => ({ ...hours, openMinute: eveningStart });

/** MCX: most closing days of NSE have an evening there. */
const mcx: CommoditySessions = {
  eras: [
    { from: '2025-11-03', hours: winter },
    { from: '2026-03-09', hours: summer },
    { from: '2026-11-02', hours: winter },
    { from: '2027-03-15', hours: summer },
    { from: '2027-11-08', hours: winter },
  ],
  days: {
    '2026-01-01': morning,
    '2026-01-15': evening(winter),
    '2026-01-26': null,
    '2026-02-01': morning,
    '2026-03-03': evening(winter),
    '2026-03-26': evening(summer),
    '2026-03-31': evening(summer),
    '2026-04-03': null,
    '2026-04-14': evening(summer),
    '2026-05-01': evening(summer),
    '2026-05-28': evening(summer),
    '2026-06-26': evening(summer),
    '2026-09-14': evening(summer),
    '2026-10-02': null,
    '2026-10-20': evening(summer),
    '2026-11-10': evening(winter),
    '2026-11-24': evening(winter),
    '2026-12-25': null,
  },
};

/** Futures and options trade ten minutes longer than shares from August 2026 on; MCX till late. */
export const exchangeSessions: SessionPlan = {
  kind: 'hours',
  eras: [
    { from: '2000-01-01', cash, derivatives: cash },
    {
      from: '2026-08-03',
      cash,
      derivatives: { openMinute: minutes(9, 15), closeMinute: minutes(15, 40) },
    },
  ],
  // A full session on the Sunday of the Union Budget.
  extraDays: ['2026-02-01'],
  commodities: mcx,
};
