import { templateFormat, templateSchema } from '@strikewire/trading-hours';
import { expect, it } from 'vitest';
import { yearGrid } from './year-grid';

it('draws a year as its entries and weekdays decide', () => {
  const day = { date: '2026-02-01', name: 'Budget' };
  const windows = [{ phase: 'continuous', start: '09:15', end: '15:30' } as const];
  const template = templateSchema.parse({
    format: templateFormat,
    name: 'Test',
    exchange: 'NSE',
    segment: 'fno',
    weeks: [{ from: '2015-01-01', days: { mon: windows } }],
    dates: [
      { kind: 'special', ...day, windows },
      { kind: 'closed', ...day },
      { kind: 'settlement_holiday', ...day },
      { kind: 'special', date: '2026-11-08', name: 'Muhurat', windows: null },
    ],
    overrides: [{ kind: 'closed', date: '2026-11-09', name: 'Outage' }],
  });
  const months = yearGrid(template, 2026);
  const [first, sunday, monday] = [months[1]?.days[0], months[10]?.days[7], months[10]?.days[8]];
  expect(first).toMatchObject({ kind: 'special', name: 'Budget', isRest: true });
  expect(sunday).toMatchObject({ date: '2026-11-08', kind: 'unknown', isRest: true });
  expect(monday).toMatchObject({ kind: 'closed', isRest: false });
  // 1 November 2026 is a Sunday, the last day of its week.
  expect([months[10]?.blanks, months[1]?.days.length]).toEqual([6, 28]);
});
