import { templateFormat, templateSchema, type PhaseWindow } from '@strikewire/trading-hours';
import { describe, expect, it } from 'vitest';
import { clockTimeOf, timeAfter } from './clock-time';
import * as edit from './template-edit';

const open: PhaseWindow = { phase: 'continuous', start: '09:15', end: '15:30' };
const longer: PhaseWindow = { ...open, end: '15:40' };
const template = templateSchema.parse({
  format: templateFormat,
  name: 'Test',
  exchange: 'NSE',
  segment: 'fno',
  weeks: [
    { from: '2026-08-03', days: { mon: [longer] } },
    { from: '2015-01-01', days: { mon: [open], tue: [open] } },
  ],
});

describe('times of day', () => {
  it('are understood as they are typed', () => {
    const typed = ['9:15', '915', '0915', '25:30', '09:15:30', '09:15:00', '9', '24', '48:00', ''];
    expect(typed.map(clockTimeOf)).toEqual([
      '09:15', '09:15', '09:15', '25:30', '09:15:30', '09:15',
      undefined, undefined, undefined, undefined,
    ]);
    expect([timeAfter('15:30', 60), timeAfter('47:30', 60)]).toEqual(['16:30', '47:59']);
  });
});

describe('eras', () => {
  it('hold from their date on, whatever their order in the file', () => {
    expect(edit.erasOf(template).map(({ from }) => from)).toEqual(['2026-08-03', '2015-01-01']);
    expect(['2014-01-01', '2026-08-02', '2026-08-03'].map((on) => edit.eraOn(template, on)))
      .toEqual([1, 1, 0]);
  });

  it('go on with the weekdays of the one before', () => {
    expect(edit.hoursBefore(template, 0, 'tue')).toEqual({ from: '2015-01-01', windows: [open] });
    expect(edit.hoursBefore(template, 1, 'tue')).toBeNull();
  });

  it('begin with the hours that held until then, and can be taken away', () => {
    const more = edit.withEra(template, '2027-01-01');
    expect(more.weeks[2]).toEqual({ from: '2027-01-01', days: { mon: [longer], tue: [open] } });
    expect(edit.withoutEra(more, 2)).toEqual(template);
    expect(edit.withEraFrom(template, 0, '2026-09-01').weeks[0]?.from).toBe('2026-09-01');
  });
});

describe('days', () => {
  it('are changed, left to the era before, and copied', () => {
    const closed = edit.withDay(template, 0, 'mon', []);
    expect(closed.weeks[0]?.days).toEqual({ mon: [] });
    expect(edit.withDay(template, 0, 'mon', undefined).weeks[0]?.days).toEqual({});
    expect(edit.withDayCopied(template, 0, 'mon', ['wed', 'fri']).weeks[0]?.days).toEqual({
      mon: [longer], wed: [longer], fri: [longer],
    });
  });

  it('get windows after the last one, and windows are split within', () => {
    expect(edit.withWindow([open])[1]).toEqual({ ...open, start: '15:30', end: '16:30' });
    expect(edit.splitAt([open], 0, '1130')).toEqual([
      { ...open, end: '11:30' }, { ...open, start: '11:30' },
    ]);
    expect(['09:15', '15:30', 'noon'].map((at) => edit.splitAt([open], 0, at)))
      .toEqual([undefined, undefined, undefined]);
  });
});

describe('needs', () => {
  it('are told at the field, by the path that leads there', () => {
    const windows = [open, { ...open, start: '15:00', end: '16:00' }];
    const needs = edit.templateNeeds(edit.withDay(template, 0, 'mon', windows));
    expect(needs['weeks.0.days.mon.1.start']).toMatch(/^needs to be at or after 15:30/);
    expect(edit.needsUnder(needs, 'weeks.0.days.mon')).toEqual({
      '1.start': needs['weeks.0.days.mon.1.start'],
    });
    const classes: PhaseWindow[] = [{ ...open, classes: ['default'] }, { ...open, end: '15:15' }];
    expect(Object.keys(edit.templateNeeds(edit.withDay(template, 0, 'mon', classes)))).toEqual([
      'weeks.0.days.mon.1.start',
    ]);
    const ruled = { rule: 'new_york_dst', daylight: '23:30', standard: '09:00' } as const;
    const turned = edit.withDay(template, 0, 'mon', [{ ...open, end: ruled }]);
    expect(Object.keys(edit.templateNeeds(turned))).toEqual(['weeks.0.days.mon.0.end']);
    const typing = edit.templateNeeds(edit.withDay(template, 1, 'tue', [{ ...open, start: '9' }]));
    expect(typing['weeks.1.days.tue.0.start']).toMatch(/^needs a local time/);
  });
});
