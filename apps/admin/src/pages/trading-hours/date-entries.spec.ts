import { templateFormat, templateSchema, type DateEntry } from '@strikewire/trading-hours';
import { describe, expect, it } from 'vitest';
import * as entries from './date-entries';
import { entryOf, formOf } from './entry-form';

const closed = (date: string): DateEntry => ({ kind: 'closed', date, name: `Holiday ${date}` });
const template = templateSchema.parse({
  format: templateFormat,
  name: 'Test',
  exchange: 'NSE',
  segment: 'fno',
  weeks: [{ from: '2015-01-01', days: { mon: [] } }],
  dates: [closed('2026-01-26'), closed('2026-12-25'), closed('2027-01-26')],
  overrides: [{ kind: 'extension', date: '2026-02-24', name: 'Outage', minutes: 90 }],
  verifiedYears: [2026],
});
const told = (year: number, from = template): string[] =>
  entries.entriesOf(from, year).map(({ entry, layer }) => `${layer} ${entry.date}`);

describe('entries', () => {
  it('of a year come by date, from both layers', () => {
    expect(told(2026)).toEqual(['dates 2026-01-26', 'overrides 2026-02-24', 'dates 2026-12-25']);
    expect(entries.yearsOf(template, 2028)).toEqual([2026, 2027, 2028, 2029]);
  });

  it('are added in order, changed in place, moved and deleted', () => {
    const added = entries.withEntry(template, { entry: closed('2026-05-01'), layer: 'dates' });
    expect(added.dates.map(({ date }) => date)).toEqual([
      '2026-01-26', '2026-05-01', '2026-12-25', '2027-01-26',
    ]);
    const [republic, outage] = entries.entriesOf(template, 2026);
    const moved = entries.withEntry(
      template, { entry: closed('2026-01-26'), layer: 'overrides' }, republic,
    );
    expect(told(2026, moved)).toEqual([
      'overrides 2026-01-26', 'overrides 2026-02-24', 'dates 2026-12-25',
    ]);
    const changed = entries.withEntry(
      template, { entry: closed('2026-02-25'), layer: 'overrides' }, outage,
    );
    expect(changed.overrides).toEqual([closed('2026-02-25')]);
    expect(told(2026, entries.withoutEntry(template, outage!))).toHaveLength(2);
    expect(entries.withVerified(template, 2027, true).verifiedYears).toEqual([2026, 2027]);
    expect(entries.withVerified(template, 2026, false).verifiedYears).toEqual([]);
  });

  it('say what they make of the date', () => {
    const about = { date: '2026-11-08', name: 'Muhurat' };
    const windows = [{ phase: 'pre_open', start: '18:00', end: '18:08' } as const];
    expect([
      entries.entryEffect({ kind: 'special', ...about, windows: null }),
      entries.entryEffect({ kind: 'special', ...about, windows }),
      entries.entryEffect({ kind: 'partial', ...about, opens: '17:00' }),
      entries.entryEffect({ kind: 'extension', ...about, minutes: 90 }),
    ]).toEqual(['hours not known yet', '18:00–18:08 pre-open', 'from 17:00', '90 min longer']);
  });
});

describe('the form of an entry', () => {
  it('gives back what it was made of', () => {
    for (const placed of entries.entriesOf(template, 2026)) {
      const { entry } = placed;
      expect(entryOf(formOf(placed, ''), entry.knownAt)).toEqual(entry);
    }
  });

  it('tells what each kind needs at its field', () => {
    const form = { ...formOf(null, '2026-11-08'), name: 'Muhurat' };
    const needs = (changes: Partial<typeof form>) =>
      entries.entryNeeds(template, entryOf({ ...form, ...changes }, undefined));
    expect(needs({})).toEqual({});
    expect(needs({ kind: 'special', isUnknown: true })).toEqual({});
    expect(Object.keys(needs({ date: '2026-02-30' }))).toEqual(['date']);
    expect(Object.keys(needs({ kind: 'extension', minutes: '0' }))).toEqual(['minutes']);
    expect(Object.keys(needs({ kind: 'partial', opens: 'noon' }))).toEqual(['opens']);
    expect(needs({ kind: 'partial', opens: '9:15' })).toEqual({});
    expect(needs({ kind: 'partial' })).toEqual({ opens: 'needs opens, closes, or both' });
    const windows = [{ phase: 'continuous', start: '18:00', end: '17:00' } as const];
    expect(Object.keys(needs({ kind: 'special', windows }))).toEqual(['windows.0.end']);
  });
});
