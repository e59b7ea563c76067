import type { SessionPlan } from '@strikewire/simulator';

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

/** NSE's hours: futures and options trade ten minutes longer than shares from August 2026 on. */
export const nseSessions: SessionPlan = {
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
};
