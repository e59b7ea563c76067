import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classifyExpiries, selectExpiries, type ClassedExpiry } from './expiry-rules';

const classes = (classed: readonly ClassedExpiry[]): Record<string, string> =>
  Object.fromEntries(classed.map((one) => [one.expiry, one.class]));

/** What a monthly-only underlying lists. */
const reference = ['2026-11-24', '2026-12-29', '2027-01-26', '2027-03-30'];

describe('classifyExpiries', () => {
  it('believes the list of monthlies, whatever the date', () => {
    const listed = ['2026-11-24', '2026-12-01', '2026-12-08', '2026-12-29', '2027-01-26'];
    expect(classes(classifyExpiries(listed, reference))).toEqual({
      '2026-11-24': 'monthly',
      '2026-12-01': 'weekly',
      '2026-12-08': 'weekly',
      '2026-12-29': 'quarterly',
      '2027-01-26': 'monthly',
    });
  });

  it('has a weekly that is the last of its month where the list of monthlies lacks it', () => {
    // A holiday has moved the monthly ahead of a weekly of the same month.
    const listed = ['2026-12-24', '2026-12-31', '2027-01-07'];
    const monthlies = ['2026-12-24', '2027-01-28'];
    expect(classes(classifyExpiries(listed, monthlies))).toMatchObject({
      '2026-12-24': 'quarterly',
      '2026-12-31': 'weekly',
    });
  });

  it('goes by calendar month beyond the horizon of the list of monthlies', () => {
    const listed = ['2027-03-30', '2027-06-22', '2027-06-29', '2027-12-28', '2028-05-30'];
    expect(classes(classifyExpiries(listed, reference))).toEqual({
      '2027-03-30': 'quarterly',
      '2027-06-22': 'weekly',
      '2027-06-29': 'quarterly',
      '2027-12-28': 'quarterly',
      '2028-05-30': 'monthly',
    });
  });

  it.each([
    ['no list of monthlies', null],
    ['an empty one', []],
  ])('goes by calendar month with %s', (_name, none) => {
    const listed = ['2026-11-17', '2026-11-24', '2026-12-01', '2026-12-29'];
    expect(classes(classifyExpiries(listed, none))).toEqual({
      '2026-11-17': 'weekly',
      '2026-11-24': 'monthly',
      '2026-12-01': 'weekly',
      '2026-12-29': 'quarterly',
    });
  });

  it('tells the same month of two years apart', () => {
    expect(classes(classifyExpiries(['2026-12-29', '2027-12-28'], null))).toEqual({
      '2026-12-29': 'quarterly',
      '2027-12-28': 'quarterly',
    });
  });

  it('makes everything a monthly for the underlying that is the reference itself', () => {
    const classed = classifyExpiries(reference, reference);
    expect(classed.every((one) => one.class !== 'weekly')).toBe(true);
    expect(classifyExpiries([], reference)).toEqual([]);
  });
});

const dates = fc
  .uniqueArray(fc.integer({ min: 0, max: 900 }), { maxLength: 30 })
  .map((days) =>
    [...days]
      .sort((a, b) => a - b)
      .map((day) => new Date(Date.UTC(2026, 10, 1 + day)).toISOString().slice(0, 10)),
  );
const fixed = { seed: 20_261_125, numRuns: 300 };

describe('classifying and selecting any list', () => {
  it('classes every date once, and quarterlies only in their months', () => {
    fc.assert(
      fc.property(dates, fc.option(dates), (listed, monthlies) => {
        const classed = classifyExpiries(listed, monthlies);
        expect(classed.map((one) => one.expiry)).toEqual(listed);
        const horizon = monthlies?.at(-1) ?? '';
        for (const [index, one] of classed.entries()) {
          const month = Number(one.expiry.slice(5, 7));
          expect(one.class === 'quarterly').toBe(one.class !== 'weekly' && month % 3 === 0);
          const isLast = listed[index + 1]?.slice(0, 7) !== one.expiry.slice(0, 7);
          const expected = one.expiry <= horizon ? monthlies?.includes(one.expiry) : isLast;
          expect(one.class !== 'weekly').toBe(expected);
        }
      }),
      fixed,
    );
  });

  it('selects the union of what each part of the rule asks for', () => {
    const count = fc.integer({ min: 0, max: 5 });
    const rules = fc.record({ nearest: count, monthlies: count, quarterlies: count });
    fc.assert(
      fc.property(dates, rules, (listed, rule) => {
        const classed = classifyExpiries(listed, null);
        const selected = selectExpiries(classed, rule).map((one) => one.expiry);
        const rank = (one: ClassedExpiry, among: (other: ClassedExpiry) => boolean): number =>
          classed.filter((other) => among(other) && other.expiry < one.expiry).length;
        const isWanted = (one: ClassedExpiry): boolean =>
          rank(one, () => true) < rule.nearest ||
          (one.class !== 'weekly' && rank(one, (o) => o.class !== 'weekly') < rule.monthlies) ||
          (one.class === 'quarterly' &&
            rank(one, (o) => o.class === 'quarterly') < rule.quarterlies);
        expect(selected).toEqual(classed.filter(isWanted).map((one) => one.expiry));
      }),
      fixed,
    );
  });
});

describe('selectExpiries', () => {
  const listed = [
    '2026-11-24', '2026-12-01', '2026-12-08', '2026-12-15', '2026-12-29', '2027-01-26',
    '2027-03-30', '2027-06-29', '2027-12-28',
  ];
  const classed = classifyExpiries(listed, reference);

  it('takes three nearest, two monthlies and three quarterlies of a weekly index', () => {
    const rule = { nearest: 3, monthlies: 2, quarterlies: 3 };
    expect(selectExpiries(classed, rule).map((one) => one.expiry)).toEqual([
      '2026-11-24', '2026-12-01', '2026-12-08', '2026-12-29', '2027-03-30', '2027-06-29',
    ]);
  });

  it('takes what there is where the list is short, and nothing for a rule of nothing', () => {
    const rule = { nearest: 9, monthlies: 9, quarterlies: 9 };
    expect(selectExpiries(classed.slice(0, 2), rule)).toEqual(classed.slice(0, 2));
    expect(selectExpiries(classed, { nearest: 0, monthlies: 0, quarterlies: 0 })).toEqual([]);
  });
});
