import { describe, expect, it } from 'vitest';
import { marginRuleNames, type MarginRuleRow } from './margin-rule';
import { marginRuleRows } from './margin-rule-data';
import { marginRulesAt } from './margin-rules';

const ofIndex = { exchange: 'NSE', class: 'index' } as const;

describe('marginRulesAt', () => {
  it('has the add-on of the last day from 2024-11-20 on, for index options alone', () => {
    const before = marginRulesAt({ ...ofIndex, date: '2024-11-19' });
    const after = marginRulesAt({ ...ofIndex, date: '2024-11-20' });
    const ofStock = marginRulesAt({ exchange: 'NSE', class: 'stock', date: '2026-05-29' });
    expect([before, after, ofStock].map((one) => one.expiryDayShare)).toEqual([0, 0.02, 0]);
  });

  it('ends the calendar relief of an index a day early from 2025-02-10 on', () => {
    const days = ['2025-02-09', '2025-02-10'].map((date) => marginRulesAt({ ...ofIndex, date }));
    expect(days.map((one) => one.calendarEndsDays)).toEqual([0, 1]);
  });

  it('tells index and stock apart', () => {
    const date = '2026-05-29';
    const index = marginRulesAt({ ...ofIndex, date });
    const stock = marginRulesAt({ exchange: 'BSE', class: 'stock', date });
    expect([index.priceScanFloor, index.volScanFloor]).toEqual([0.093, 0.04]);
    expect([stock.priceScanFloor, stock.volScanFloor]).toEqual([0.142, 0.1]);
    expect([index.exposureOption, stock.exposureOption]).toEqual([0.02, 0.035]);
  });

  it('refuses a day before the first rule, naming when they begin', () => {
    const ask = (): unknown => marginRulesAt({ ...ofIndex, date: '2023-12-31' });
    expect(ask).toThrow(expect.objectContaining({ kind: 'not_found' }));
    expect(ask).toThrow(/asked for 2023-12-31, the first begin on 2024-01-01/);
  });

  it('refuses a class without rules, and a date that is none', () => {
    const commodity = { exchange: 'NSE', class: 'commodity', date: '2026-05-29' } as const;
    expect(() => marginRulesAt(commodity)).toThrow(/there are none/);
    expect(() => marginRulesAt({ ...ofIndex, date: '2026-02-30' })).toThrow(/needs YYYY-MM-DD/);
  });

  it('has rules of a single underlying, which go before those of its class', () => {
    const ask = (symbol?: string) => marginRulesAt({
      exchange: 'MCX', class: 'commodity', date: '2026-05-29', ...(symbol && { symbol }),
    });
    const [gold, crude, any] = [ask('GOLDM'), ask('CRUDEOIL'), ask()];
    expect([gold.priceScanFloor, gold.priceScanDays, gold.volScanFloor]).toEqual([0.06, 2, 0.04]);
    expect([crude.priceScanFloor, crude.priceScanDays]).toEqual([0.1, 3]);
    expect(any).toEqual(crude);
    expect([gold.exposureFuture, gold.scenarioRate]).toEqual([0.01, 0]);
    const rows: MarginRuleRow[] = [...marginRuleRows, {
      rule: 'exposureFuture', exchange: 'MCX', class: 'commodity', symbols: ['GOLD'],
      from: '2027-01-01', value: 0.02, source: 'test', evidence: 'assumed',
    }];
    const of = (date: string) =>
      marginRulesAt({ exchange: 'MCX', class: 'commodity', symbol: 'GOLD', date }, rows);
    expect([of('2026-12-31').exposureFuture, of('2027-01-01').exposureFuture])
      .toEqual([0.01, 0.02]);
  });

  it('takes the later of two rows of one day, and no row of another class', () => {
    const row = (value: number, change: Partial<MarginRuleRow> = {}): MarginRuleRow => ({
      ...ofIndex,
      rule: 'exposureFuture',
      from: '2026-01-01',
      value,
      source: 'test',
      evidence: 'assumed',
      ...change,
    });
    const rows = [
      ...marginRuleRows,
      row(0.05),
      row(0.03),
      row(0.09, { class: 'stock' }),
      row(0.01, { from: '2025-06-01' }),
    ];
    expect(marginRulesAt({ ...ofIndex, date: '2026-01-01' }, rows).exposureFuture).toBe(0.03);
    expect(marginRulesAt({ ...ofIndex, date: '2025-12-31' }, rows).exposureFuture).toBe(0.01);
  });
});

describe('marginRuleRows', () => {
  it('has every rule for index and stock of both exchanges, each with its source', () => {
    for (const exchange of ['NSE', 'BSE'] as const) {
      for (const kind of ['index', 'stock'] as const) {
        const rules = marginRulesAt({ exchange, class: kind, date: '2024-01-01' });
        expect(Object.keys(rules).sort()).toEqual([...marginRuleNames].sort());
      }
    }
    expect(marginRuleRows.filter((row) => row.source.length < 5 || !(row.value >= 0))).toEqual([]);
  });
});
