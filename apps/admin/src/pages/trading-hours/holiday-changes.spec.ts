import type { DateEntry } from '@strikewire/trading-hours';
import { expect, it } from 'vitest';
import { formatOf, holidayChanges, textNeed } from './holiday-changes';

const entry = (date: string, name: string): DateEntry => ({ kind: 'closed', date, name });

it('tells what comes and what goes, by date, whatever order its fields have', () => {
  const before = [entry('2027-01-26', 'Republic Day'), entry('2027-03-01', 'Holi')];
  const same = { name: 'Republic Day', date: '2027-01-26', kind: 'closed' } as const;
  const after = [same, entry('2027-03-22', 'Holi'), entry('2027-03-01', 'Shivratri')];
  const told = holidayChanges(before, after).map(
    ({ entry: { date, name }, isAdded }) => `${isAdded ? '+' : '-'} ${date} ${name}`,
  );
  expect(told).toEqual(['- 2027-03-01 Holi', '+ 2027-03-01 Shivratri', '+ 2027-03-22 Holi']);
});

it('knows files of dates by their names, and refuses what is too long to send', () => {
  expect(['NSE 2027.CSV', 'a.ics', 'a.json', 'a.xlsx', 'csv.'].map(formatOf)).toEqual([
    'csv',
    'ics',
    'json',
    undefined,
    undefined,
  ]);
  expect([textNeed('date'), textNeed('x'.repeat(200_001))]).toEqual([
    '',
    expect.stringContaining('shorter'),
  ]);
});
