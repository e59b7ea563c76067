import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { tradingHoursPresets } from '../presets';
import { diffTemplates } from './diff-templates';
import type { FileProblem } from './file-problems';
import { exportHolidays, mergeDates, parseHolidays } from './holiday-files';
import { createCalendar } from './session-calendar';
import { templateSchema, type DateEntry, type TradingHoursTemplate } from './template';
import { exportTemplate, parseTemplate } from './template-file';
import { templateWarnings } from './template-warnings';

const nse = { exchange: 'NSE', timeZone: 'Asia/Kolkata' };
const presets = tradingHoursPresets.map((preset) => templateSchema.parse(preset));
const nseDerivatives = presets.find(({ name }) => name === 'NSE F&O') as TradingHoursTemplate;

/** What a refused file says of itself. */
function refusalOf(read: () => unknown): string[] {
  try {
    read();
  } catch (thrown) {
    const { kind, code, details } = thrown as { kind: string; code: string; details: unknown };
    expect([kind, code]).toEqual(['invalid', 'file_invalid']);
    const { problems } = details as { problems: FileProblem[] };
    return problems.map(({ line, field, needed }) => `${line} ${field}: ${needed}`);
  }
  throw new Error('nothing was refused');
}

const csvHeader = 'date,exchange,kind,open,close,description,source';
const csv = (...rows: string[]): string => [csvHeader, ...rows].join('\n');
const ics = (...events: string[][]): string =>
  ['BEGIN:VCALENDAR', ...events.flatMap((one) => ['BEGIN:VEVENT', ...one, 'END:VEVENT']),
    'END:VCALENDAR'].join('\r\n');

describe('templates as files', () => {
  it.each(presets)('$name comes back as it went', (preset) => {
    expect(parseTemplate(exportTemplate(preset))).toEqual(preset);
  });

  it('are documented with examples that can be loaded', () => {
    const page = new URL('../../../../docs/trading-hours.md', import.meta.url);
    const text = readFileSync(page, 'utf8');
    const examples = [...text.matchAll(/```json\n([^]*?)```/g)].map(([, own = '']) => own);
    const [india, tokyo] = examples.map((example) => createCalendar(parseTemplate(example)));
    expect(examples).toHaveLength(2);
    expect(india?.sessionOn('2026-11-08').state).toBe('hours_unknown');
    expect(india?.sessionOn('2026-04-01').settles).toBe(false);
    expect(tokyo?.sessionOn('2024-11-11').sessions).toEqual([{
      date: '2024-11-11',
      openMs: Date.parse('2024-11-11T09:00:00+09:00'),
      closeMs: Date.parse('2024-11-11T15:30:00+09:00'),
    }]);
    const sample = /```csv\n([^]*?)```/.exec(text)?.[1] ?? '';
    expect(parseHolidays('csv', sample, nse)).toHaveLength(3);
  });

  it.each([
    ['', ['1 file: needs a JSON value, the file ends']],
    ['{\n"a": 1,\n}', ['3 file: needs a name in double quotes, found "}"']],
    ['{"a": [1,\n2\n"b"]}', ['3 a: needs a comma or ], found "\\""']],
    ['{"a": {"b": 01}}', ['1 a: needs a comma or }, found "1"']],
    ['{"a": 1,\n"a": 2}', ['2 a: needs to be named once only']],
    ['[]\n1', ['2 file: needs nothing after the end of the value']],
    ['{"a":\n"\t"}', ['2 a: needs a JSON value, found "\\""']],
    ['['.repeat(1_000), [`1 ${'0.'.repeat(24)}0: needs at most 24 levels`]],
  ])('refuse %j', (text, problems) => {
    expect(refusalOf(() => parseTemplate(text))).toEqual(problems);
  });

  it('name line, field and need of every problem', () => {
    const text = exportTemplate({
      ...nseDerivatives,
      dates: [
        { kind: 'special', date: '2026-02-30', name: 'No such date', windows: null },
        { kind: 'partial', date: '2026-02-02', name: 'Neither' },
      ],
      weeks: [{ from: '2026-01-01', days: { mon: [
        { phase: 'continuous', start: '9:15', end: '15:30' },
        { phase: 'lunch', start: '16:00', end: 5 } as never,
      ] } }],
    });
    const lines = text.split('\n');
    const found = refusalOf(() => parseTemplate(text));
    const [start, phase, end, date, neither] = found;
    expect(start).toMatch(/weeks\.0\.days\.mon\.0\.start: needs a local time/);
    expect(lines[Number.parseInt(start ?? '', 10) - 1]).toContain('9:15');
    expect(phase).toMatch(/weeks\.0\.days\.mon\.1\.phase: needs one of/);
    expect(end).toMatch(/weeks\.0\.days\.mon\.1\.end: needs/);
    expect(lines[Number.parseInt(date ?? '', 10) - 1]).toContain('2026-02-30');
    expect(neither).toMatch(/dates\.1: needs opens, closes, or both/);
    expect(found).toHaveLength(5);
  });

  it('name the windows that overlap, also over midnight', () => {
    const text = (end: string): string => exportTemplate({
      ...nseDerivatives,
      dates: [{ kind: 'special', date: '2026-02-02', name: 'Long', windows: [
        { phase: 'continuous', start: '09:00', end },
        { phase: 'post_close', start: '15:00', end: '40:00' },
      ] }],
    });
    expect(refusalOf(() => parseTemplate(text('15:01')))).toEqual([
      expect.stringMatching(/dates\.0\.windows\.1\.start: needs to be at or after 15:01/),
    ]);
    expect(refusalOf(() => parseTemplate(text('15:00')))).toEqual([
      expect.stringMatching(/weeks: needs windows in order .* 2026-02-03: /),
    ]);
  });

  it('tell 50 problems at most, and refuse what is too long', () => {
    const row = { kind: 'closed', date: 'x', name: 'y' } as DateEntry;
    const dates = Array.from({ length: 80 }, () => row);
    const text = exportTemplate({ ...nseDerivatives, dates });
    expect(refusalOf(() => parseTemplate(text))).toHaveLength(50);
    expect(refusalOf(() => parseTemplate(' '.repeat(2_000_001)))).toEqual([
      '1 file: needs at most 2000000 characters, has 2000001',
    ]);
  });
});

describe.each(['json', 'csv', 'ics'] as const)('dates as %s', (format) => {
  it.each(presets)('of $name come back as they went', (preset) => {
    const back = parseHolidays(format, exportHolidays(format, preset, 0), preset);
    const merged = mergeDates(preset.dates, back, 'replace');
    expect(merged).toMatchObject({ added: 0, removed: 0, unchanged: preset.dates.length });
    const dates = preset.dates.length === 0 ? [] : back;
    expect(diffTemplates(preset, { ...preset, dates }, '2015-01-01', 3_900)).toEqual([]);
  });
});

describe('dates as CSV', () => {
  it('are rows, several of them for several windows', () => {
    const text = csv(
      '2026-01-26,NSE,full_day,,,Republic Day,circular',
      '2024-03-02,NSE,special_session,09:15,10:00,"Drill, ""first""",a',
      '2024-03-02,NSE,special_session,11:30,12:30,Drill,a',
      '2026-01-01,MCX,partial,09:00,17:00,New Year,b',
      '2026-11-08,NSE,special_session,,,Muhurat,',
    ).replaceAll('\n', '\r\n');
    expect(parseHolidays('csv', `\uFEFF${text}\r\n`, nse)).toEqual([
      {
        kind: 'special',
        date: '2024-03-02',
        name: 'Drill, "first"; Drill',
        source: 'a',
        windows: [
          { phase: 'continuous', start: '09:15', end: '10:00' },
          { phase: 'continuous', start: '11:30', end: '12:30' },
        ],
      },
      { kind: 'closed', date: '2026-01-26', name: 'Republic Day', source: 'circular' },
      { kind: 'special', date: '2026-11-08', name: 'Muhurat', windows: null },
    ]);
    expect(parseHolidays('csv', text, { ...nse, exchange: 'MCX' })).toEqual([
      { kind: 'partial', date: '2026-01-01', name: 'New Year', source: 'b', opens: '09:00',
        closes: '17:00' },
    ]);
  });

  it.each([
    ['', /^1 header: needs date,exchange,kind,/],
    ['date,kind\n', /^1 header/],
    [`${csvHeader},colour\n`, /^1 header/],
    [csv('2026-01-26,NSE,full_day,,,Republic Day'), /^2 row: needs 7 fields, has 6/],
    [csv('26-01-2026,NSE,full_day,,,Republic Day,'), /^2 date: needs to be an existing date/],
    [csv('2026-02-29,NSE,full_day,,,Republic Day,'), /^2 date: needs to be an existing date/],
    [csv('2026-01-26,nse,full_day,,,Republic Day,'), /^2 exchange: needs capitals/],
    [csv('2026-01-26,NSE,holiday,,,Republic Day,'), /^2 kind: needs one of full_day, partial/],
    [csv('2026-01-26,NSE,full_day,09:00,,Republic Day,'), /^2 open: needs to be empty/],
    [csv('2026-01-26,NSE,full_day,,,,'), /^2 description: needs/],
    [csv('2026-01-26,NSE,partial,,,Half,'), /^2 open: needs open, close, or both/],
    [csv('2026-01-26,NSE,partial,9:00,,Half,'), /^2 open: needs a local time/],
    [csv('2026-01-26,NSE,special_session,10:00,09:00,Odd,'), /^2 close: needs to be after open/],
    [csv('2026-01-26,NSE,special_session,10:00,,Odd,'), /^2 close: needs a time, or both/],
    [csv('2026-01-26,NSE,special_session,10:00,11:00,A,',
      '2026-01-26,NSE,special_session,10:59,12:00,A,'),
      /^3 open: needs to be at or after 11:00/],
    [csv('2026-01-26,NSE,special_session,10:00,11:00,A,', '2026-01-26,NSE,special_session,,,A,'),
      /^3 open: needs a time in every row/],
    [csv('2026-01-26,NSE,full_day,,,A,', '', '2026-01-26,NSE,full_day,,,A,'),
      /^4 date: needs one row for the date and exchange, line 2/],
    [csv('2026-01-26,NSE,full_day,,,"A\nB" x,'), /^3 column 6: needs a comma/],
    [csv('2026-01-26,NSE,full_day,,,"A'), /^2 column 6: needs a comma/],
    [csv('2026-01-26,MCX,full_day,,,A,'), /^1 exchange: needs dates of NSE, has MCX/],
  ])('refuses %j', (text, problem) => {
    const [first, ...others] = refusalOf(() => parseHolidays('csv', text, nse));
    expect(first).toMatch(problem);
    expect(others).toEqual([]);
  });

  it('refuses a file whole, with every problem in it', () => {
    const text = csv('x,NSE,full_day,,,A,', '2026-01-26,NSE,full_day,,,A,', 'y,n,full_day,,,A,');
    const found = refusalOf(() => parseHolidays('csv', text, nse));
    expect(found.map((one) => one.split(':')[0])).toEqual(['2 date', '4 date', '4 exchange']);
  });
});

describe('dates as iCalendar', () => {
  it('are events: whole days are closed, times are windows of one day', () => {
    const text = ics(
      ['DTSTART;VALUE=DATE:20260126', 'SUMMARY:Republic Day\\, national', 'DESCRIPTION:list'],
      ['DTSTART;VALUE=DATE:20260301', 'DTEND;VALUE=DATE:20260303', 'SUMMARY:A long', ' er name'],
      ['DTSTART;TZID=Asia/Kolkata:20240302T113000', 'DTEND;TZID=Asia/Kolkata:20240302T123000',
        'SUMMARY:Drill'],
      ['DTSTART:20240302T034500Z', 'DTEND:20240302T043000Z', 'SUMMARY:Drill'],
      ['DTSTART:20251021T134500', 'DTEND:20251021T144500', 'SUMMARY:Muhurat'],
      ['DTSTART;VALUE=DATE:20260505', 'SUMMARY:Not after all', 'STATUS:CANCELLED'],
    );
    const continuous = (start: string, end: string) => ({ phase: 'continuous', start, end });
    expect(parseHolidays('ics', text, nse)).toEqual([
      { kind: 'special', date: '2024-03-02', name: 'Drill',
        windows: [continuous('09:15', '10:00'), continuous('11:30', '12:30')] },
      { kind: 'special', date: '2025-10-21', name: 'Muhurat',
        windows: [continuous('13:45', '14:45')] },
      { kind: 'closed', date: '2026-01-26', name: 'Republic Day, national', source: 'list' },
      { kind: 'closed', date: '2026-03-01', name: 'A longer name' },
      { kind: 'closed', date: '2026-03-02', name: 'A longer name' },
    ]);
  });

  const day = 'DTSTART;VALUE=DATE:20260126';
  it.each([
    ['BEGIN:VEVENT\nEND:VEVENT', /^1 file: needs BEGIN:VCALENDAR/],
    ['BEGIN:VCALENDAR\nBEGIN:VEVENT', /^2 END: needs END:VEVENT/],
    ['BEGIN:VCALENDAR\nEND:VEVENT', /^2 END: needs END:VCALENDAR/],
    [ics([day]), /^2 SUMMARY: needs 1 to 200/],
    [ics(['SUMMARY:A']), /^2 DTSTART: needs YYYYMMDD/],
    [ics(['SUMMARY:A', 'DTSTART:20260230']), /^4 DTSTART: needs YYYYMMDD/],
    [ics(['SUMMARY:A', 'DTSTART;TZID=Mars/Base:20260126T100000', 'DTEND:20260126T110000']),
      /^4 DTSTART: needs/],
    [ics(['SUMMARY:A', 'DTSTART:20260126T100000']), /^2 DTEND: needs a time after DTSTART/],
    [ics(['SUMMARY:A', 'DTSTART:20260126T100000', 'DTEND:20260126T100000']),
      /^5 DTEND: needs a time/],
    [ics(['SUMMARY:A', day, 'DTEND;VALUE=DATE:20270126']), /^5 DTEND: needs a date 1 to 31/],
    [ics(['SUMMARY:A', day, 'RRULE:FREQ=YEARLY']), /^5 RRULE: needs DTSTART and DTEND/],
    [ics(['SUMMARY A', day]), /^3 line: needs NAME:value/],
    [ics([day, 'X-STRIKEWIRE-ENTRY:{']), /^4 X-STRIKEWIRE-ENTRY: needs an entry as JSON/],
    [ics([day, 'X-STRIKEWIRE-ENTRY:{}']), /^4 kind: needs/],
    [ics(['SUMMARY:A', 'DTSTART:20260126T100000', 'DTEND:20260126T120000'],
      ['SUMMARY:A', 'DTSTART:20260126T110000', 'DTEND:20260126T130000']),
    /^7 DTSTART: needs to be at or after 12:00/],
  ])('refuses %j', (text, problem) => {
    const [first] = refusalOf(() => parseHolidays('ics', text, nse));
    expect(first).toMatch(problem);
  });

  it('writes no line longer than 75 octets', () => {
    const dates: DateEntry[] = [
      { kind: 'closed', date: '2026-01-26', name: `${'गणतंत्र दिवस, '.repeat(10)}end` },
    ];
    const text = exportHolidays('ics', { ...nseDerivatives, dates }, 0);
    const lengths = text.split('\r\n').map((line) => new TextEncoder().encode(line).length);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(75);
    expect(parseHolidays('ics', text, nse)).toEqual(dates);
  });
});

describe('mergeDates', () => {
  const closed = (date: string, name = 'A'): DateEntry => ({ kind: 'closed', date, name });
  const before = [closed('2025-01-01'), closed('2026-01-01'), closed('2026-05-01')];

  it('replaces the years that come', () => {
    const more = [closed('2026-01-01'), closed('2026-03-03')];
    expect(mergeDates(before, more, 'replace')).toEqual({
      dates: [closed('2025-01-01'), closed('2026-01-01'), closed('2026-03-03')],
      added: 1, removed: 1, unchanged: 2,
    });
  });

  it('adds beside what is there', () => {
    const more = [closed('2026-01-01'), closed('2026-03-03')];
    expect(mergeDates(before, more, 'add')).toMatchObject({ added: 1, removed: 0, unchanged: 3 });
  });
});

describe('diffTemplates', () => {
  it('tells the days that change, and for which classes', () => {
    const closed = { kind: 'closed', date: '2026-01-13', name: 'Strike' } as const;
    const after = { ...nseDerivatives, overrides: [...nseDerivatives.overrides, closed] };
    const [day, ...others] = diffTemplates(nseDerivatives, after, '2026-01-10', 14);
    expect(others).toEqual([]);
    expect(day).toMatchObject({
      date: '2026-01-13',
      before: { state: 'open' },
      after: { state: 'closed', name: 'Strike' },
      classes: ['default', 'futures'],
    });
  });

  it('sees what only one class has otherwise', () => {
    const after = { ...nseDerivatives, tradable: { default: ['continuous' as const] } };
    const days = diffTemplates(nseDerivatives, after, '2026-01-12', 2);
    expect(days.map(({ date, classes }) => [date, classes])).toEqual([
      ['2026-01-12', ['futures']], ['2026-01-13', ['futures']],
    ]);
  });
});

describe('templateWarnings', () => {
  it('finds nothing in what comes along', () => {
    expect(presets.flatMap((preset) => templateWarnings(preset))).toEqual([]);
  });

  it.each([
    ['2026-01-25', 'Republic Day', /Sunday is closed anyway/],
    ['2026-01-26', 'Republic Day, Tuesday', /is a Monday, its name says Tuesday/],
    ['2016-01-27', 'In the wrong year', /stands among the dates of another year/],
    ['2026-01-01', 'Twice', /is there already, at dates\.0/],
  ])('%s %s: %s', (date, name, message) => {
    const kind = 'closed' as const;
    const dates: DateEntry[] = [
      { kind, date: '2026-01-01', name: 'A' }, { kind, date, name },
      { kind, date: '2026-05-01', name: 'A' },
    ];
    const warnings = templateWarnings({ ...nseDerivatives, dates, overrides: [] });
    expect(warnings.map(({ field }) => field)).toEqual(['dates.1']);
    expect(warnings[0]?.message).toMatch(message);
  });
});
