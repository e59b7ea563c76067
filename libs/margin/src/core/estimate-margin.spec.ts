import { readFileSync } from 'node:fs';
import { indiaInstant } from '@strikewire/contracts';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  estimateMargin,
  riskFileDaysMax,
  type MarginInputs,
  type MarginUnderlying,
} from './estimate-margin';
import {
  exampleMs,
  future,
  inputs,
  july,
  june,
  lot,
  nifty,
  option,
  piecesOf,
} from './testing/margin-fixture';
import type { MarginPosition } from './margin-position';
import type { RiskFile } from './risk-file';
import { readSpanFile } from './span-file';

const bytes = readFileSync(new URL('fixtures/risk-parameters.xml', import.meta.url));
let file: RiskFile;

beforeAll(async () => {
  const options = { exchange: 'NSE', wanted: () => true } as const;
  file = await readSpanFile(piecesOf(bytes, 4_096), options);
});

/** By the file; figures of NIFTY in rupees. */
function byFile(...positions: MarginPosition[]) {
  const estimate = estimateMargin(positions, inputs({ files: [file] }));
  const [nifty50] = estimate.byUnderlying;
  return { estimate, ...nifty50! };
}

/** 2 % of the spot for one lot: 0.02 × 23,547.75 × 65 = 30,612.075 rupees. */
const lotExposure = 3_061_207.5;

const soldCall = option('CE', 23_700, -lot, [437.65]);
const soldPut = option('PE', 23_700, -lot, [505.35]);
const boughtCall = option('CE', 24_200, lot, [246.65]);
const condor = [
  option('CE', 24_200, -lot, [246.65]),
  option('CE', 24_500, lot, [167.15]),
  option('PE', 23_000, -lot, [229.05]),
  option('PE', 22_500, lot, [118.8]),
];
const calendar = [future(lot), future(-lot, 23_890, july)];

describe('estimateMargin by the exchange’s file', () => {
  it('naked: the published call at ₹1,72,285, the broker’s ₹1,73,159 within 5 %', () => {
    // Scan 65 × 1,741.94 = 113,226.10; premium 65 × 437.65 = 28,447.25 comes on top of it.
    const found = byFile(soldCall);
    expect(found).toMatchObject({
      scanPaise: 11_322_610,
      novPaise: -2_844_725,
      spanPaise: 14_167_335,
      exposurePaise: Math.round(lotExposure),
      premiumPaise: 0,
      worstScenario: 11,
    });
    expect(Math.floor(found.totalPaise / 100)).toBe(172_285);
    expect(Math.abs(found.totalPaise / 17_315_900 - 1)).toBeLessThan(0.05);
    expect(found.estimate).toMatchObject({ method: 'file', shape: 'naked', warnings: [] });
    expect(found.estimate.revision).toBe('NSE 2026-05-29 202605291830');
  });

  it('a future: the published ₹1,74,593, the broker’s ₹1,74,539 within 0.1 %', () => {
    // 65 × 2,211.08 = 143,720.20, and 2 % of 65 × 23,748.50 = 30,873.05.
    const found = byFile(future(lot));
    expect(found).toMatchObject({ spanPaise: 14_372_020, exposurePaise: 3_087_305 });
    expect(Math.floor(found.totalPaise / 100)).toBe(174_593);
    expect(Math.abs(found.totalPaise / 17_453_900 - 1)).toBeLessThan(0.001);
  });

  it('bought only: its premium and nothing else', () => {
    // 65 × 437.65 = 28,447.25.
    const found = byFile({ ...soldCall, quantity: lot });
    expect(found).toMatchObject({ spanPaise: 0, exposurePaise: 0, marginPaise: 0 });
    expect(found.totalPaise).toBe(65 * 43_765);
    expect(found.estimate.shape).toBe('bought');
  });

  it('vertical: the bought call takes five sixths of the scan off', () => {
    // Worst in 12: 65 × (1,688.87 − 1,395.18) = 19,089.85; NOV 65 × (246.65 − 437.65).
    const found = byFile(soldCall, boughtCall);
    expect(found).toMatchObject({
      scanPaise: 1_908_985,
      novPaise: -1_241_500,
      spanPaise: 3_150_485,
      exposurePaise: Math.round(lotExposure),
      premiumPaise: 65 * 24_665,
      worstScenario: 12,
    });
    expect(found.estimate.shape).toBe('vertical');
  });

  it('straddle: one side loses, both premiums are owed, exposure is asked twice', () => {
    // Worst in 13: 65 × (1,782.54 − 407.15) = 89,400.35; NOV 65 × (437.65 + 505.35) = 61,295
    // owed; SPAN 150,695.35; exposure 2 × 30,612.08.
    const found = byFile(soldCall, soldPut);
    expect(found).toMatchObject({
      scanPaise: 8_940_035,
      novPaise: -6_129_500,
      spanPaise: 15_069_535,
      exposurePaise: Math.round(2 * lotExposure),
      worstScenario: 13,
    });
    expect(found.estimate.shape).toBe('straddle');
  });

  it('condor: the wings leave the wider side’s width to be lost', () => {
    // Worst in 14: 65 × (1,344.49 − 997.28 − 246.47 + 167.09) = 17,408.95; NOV 65 × (167.15 +
    // 118.80 − 246.65 − 229.05) = −12,333.75; SPAN 29,742.70.
    const found = byFile(...condor);
    expect(found).toMatchObject({
      scanPaise: 1_740_895,
      novPaise: -1_233_375,
      spanPaise: 2_974_270,
      exposurePaise: Math.round(2 * lotExposure),
      premiumPaise: 65 * (16_715 + 11_880),
      worstScenario: 14,
    });
    // No more than the width of the put side, 500 × 65.
    expect(found.spanPaise).toBeLessThan(65 * 50_000);
    expect(found.estimate.shape).toBe('condor');
  });

  it('calendar of futures: 420 a unit, and exposure on a third of the far month', () => {
    const found = byFile(...calendar);
    expect(found).toMatchObject({
      // 65 × (2,221.77 − 2,211.08).
      scanPaise: 69_485,
      calendarPaise: 65 * 42_000,
      spanPaise: 2_799_485,
      // 65 × 23,890 × 2 % ÷ 3.
      exposurePaise: 1_035_233,
    });
    expect(found.estimate.shape).toBe('calendar');
  });

  it('calendar of options: charged by their deltas, 0.4871 of one unit', () => {
    // Worst in 14: 65 × (632.71 − 436.51) = 12,753; NOV 65 × (647.10 − 437.65) = 13,614.25;
    // SPAN 12,753 + 13,297.83 − 13,614.25 = 12,436.58.
    const far = option('CE', 23_700, lot, [647.1, july]);
    const found = byFile(soldCall, far);
    expect(found.calendarPaise).toBe(Math.round(65 * 0.4871 * 42_000));
    expect(found.spanPaise).toBe(1_243_658);
    expect(found.estimate.shape).toBe('calendar');
  });

  it('future hedged by a put: the loss ends at its strike', () => {
    // Worst in 14: 65 × (2,211.08 − 1,344.49) = 56,328.35; NOV 65 × 229.05 = 14,888.25; SPAN
    // 41,440.10 where the future alone has 143,720.20.
    const hedged = byFile(future(lot), option('PE', 23_000, lot, [229.05]));
    expect(hedged).toMatchObject({ spanPaise: 4_144_010, exposurePaise: 3_087_305 });
    expect(hedged.spanPaise).toBeLessThan(byFile(future(lot)).spanPaise / 3);
    expect(hedged.estimate.shape).toBe('futureAndOption');
  });

  it('deep out of the money: the extreme scenario binds, and exposure is 5 %', () => {
    // 26,500 is 12.5 % above the spot; a move of 18.6 % reaches it, and 35 % of that counts.
    // 65 × 563.83 = 36,648.95 and the premium of 341.25; (2 % + 3 %) × 23,547.75 × 65 = 76,530.19.
    const found = byFile(option('CE', 26_500, -lot, [5.25]));
    expect(found).toMatchObject({ worstScenario: 15, spanPaise: 3_699_020 });
    expect(found.exposurePaise).toBe(Math.round(2.5 * lotExposure));
  });

  it('nothing: nothing', () => {
    expect(estimateMargin([], inputs({ files: [file] }))).toMatchObject({
      byUnderlying: [],
      marginPaise: 0,
      totalPaise: 0,
    });
  });
});

describe('estimateMargin on the day of expiry', () => {
  const noonOf = (date: string): number => indiaInstant(date, 720);
  const onDay = (date: string, ...positions: MarginPosition[]) =>
    estimateMargin(positions, inputs({ asOfMs: noonOf(date) })).byUnderlying[0]!;

  it('adds 2 % of the spot for every sold index option that is due, hedged or not', () => {
    // 2 % × 23,547.75 × 65 = 30,612.08, on top of as much exposure.
    const before = onDay('2026-06-29', soldCall, boughtCall);
    const due = onDay(june, soldCall, boughtCall);
    expect([before.expiryDayPaise, due.expiryDayPaise]).toEqual([0, Math.round(lotExposure)]);
    const later = option('CE', 23_700, -lot, [647.1, july]);
    expect(onDay(june, later).expiryDayPaise).toBe(0);
  });

  it('adds nothing for a stock', () => {
    const found = estimateMargin([soldCall], {
      ...inputs({ asOfMs: noonOf(june) }),
      underlyings: new Map([['NSE:NIFTY', nifty({ class: 'stock' })]]),
    });
    expect(found.byUnderlying[0]!.expiryDayPaise).toBe(0);
    expect(found.warnings.at(-1)).toMatch(/delivery of shares after expiry is not estimated/);
  });

  it('lets the month that is due offset nothing of an index', () => {
    const before = onDay('2026-06-29', ...calendar);
    const due = onDay(june, ...calendar);
    expect(before.calendarPaise).toBeGreaterThan(0);
    expect(due.calendarPaise).toBe(0);
    expect(due.spanPaise).toBe(due.scanPaise);
    expect(due.scanPaise).toBe(Math.round(0.093 * 65 * (2_374_850 + 2_389_000)));
    // Both legs in full: 2 % of each.
    expect(due.exposurePaise).toBe(Math.round(0.02 * 65 * (2_374_850 + 2_389_000)));
  });
});

describe('estimateMargin by own scenarios', () => {
  const sets: [string, MarginPosition[]][] = [
    ['naked', [soldCall]],
    ['naked put', [soldPut]],
    ['future', [future(-lot)]],
    ['vertical', [soldCall, boughtCall]],
    ['straddle', [soldCall, soldPut]],
    ['condor', condor],
    ['calendar', calendar],
    ['covered', [future(lot), option('CE', 24_200, -lot, [246.65])]],
    ['protected', [future(lot), option('PE', 23_000, lot, [229.05])]],
    ['deep out of the money', [option('CE', 26_500, -lot, [5.25])]],
    ['bought', [boughtCall]],
  ];

  it.each(sets)('is within 10 % of the file: %s', (_name, set) => {
    const own = estimateMargin(set, inputs());
    const exact = estimateMargin(set, inputs({ files: [file] }));
    expect([own.method, exact.method]).toEqual(['scenarios', 'file']);
    expect(Math.abs(own.totalPaise / exact.totalPaise - 1)).toBeLessThan(0.1);
  });

  it('says that ranges are at their floors when no volatility is known', () => {
    expect(estimateMargin([soldCall], inputs()).warnings).toEqual([
      'NIFTY: daily volatility is not known, scan ranges are at their floors',
    ]);
    const known = new Map([['NSE:NIFTY', nifty({ dailyVolatility: 0.008 })]]);
    expect(estimateMargin([soldCall], inputs({ underlyings: known })).warnings).toEqual([]);
  });

  it('says when the volatility is that of options, and counts by it', () => {
    const figures = { dailyVolatility: 0.02, volatilityFrom: 'options' } as const;
    const wild = inputs({ underlyings: new Map([['NSE:NIFTY', nifty(figures)]]) });
    const found = estimateMargin([future(lot, 24_000)], wild);
    // 24,000 × 6 × 2 % × √2 a unit: ₹4,072.94.
    expect(found.byUnderlying[0]?.scanPaise).toBe(Math.round(2_400_000 * 0.12 * Math.SQRT2 * lot));
    expect(found.warnings).toEqual([
      'NIFTY: too few closes are stored, its volatility is that of options at the money',
    ]);
  });

  it('takes a whole underlying when the file lacks one contract of it', () => {
    const unlisted = option('CE', 23_750, -lot, [410]);
    const found = estimateMargin([soldCall, unlisted], inputs({ files: [file] }));
    expect(found.method).toBe('scenarios');
    expect(found.warnings[0]).toContain(`${unlisted.key} is not in the risk file of 2026-05-29`);
  });

  it('does not use a file of another time', () => {
    const day = (days: number): number => exampleMs + days * 86_400_000;
    const at = (days: number) =>
      estimateMargin([soldCall], inputs({ files: [file], asOfMs: day(days) }));
    expect([at(0).method, at(riskFileDaysMax).method]).toEqual(['file', 'file']);
    for (const days of [-1, riskFileDaysMax + 1]) {
      expect(at(days)).toMatchObject({ method: 'scenarios', revision: null });
      expect(at(days).warnings[0]).toBe('the risk file of NSE is of 2026-05-29: not used');
    }
  });

  it('is the same when contracts are priced once for many sets', () => {
    const figures: NonNullable<MarginInputs['figures']> = new Map();
    for (const files of [[], [file]]) {
      for (const [, set] of sets) {
        const shared = estimateMargin(set, inputs({ files, figures }));
        expect(shared).toEqual(estimateMargin(set, inputs({ files })));
      }
    }
    const keys = new Set(sets.flatMap(([, set]) => set.map(({ key }) => key)));
    expect(figures.size).toBe(keys.size);
  });

  it('has net Greeks of all lines', () => {
    const { netGreeks } = estimateMargin([future(lot), soldCall], inputs()).byUnderlying[0]!;
    expect(netGreeks!.delta).toBeGreaterThan(25);
    expect(netGreeks!.delta).toBeLessThan(40);
    expect(netGreeks!.gamma).toBeLessThan(0);
    expect(netGreeks!.thetaPaisePerDay).toBeGreaterThan(0);
    expect(netGreeks!.vegaPaise).toBeLessThan(0);
  });

  it('takes the exchange’s daily exposure rate where it is given', () => {
    const found = estimateMargin([soldCall], inputs({ exposureRateOf: () => 0.05 }));
    expect(found.byUnderlying[0]!.exposurePaise).toBe(Math.round(2.5 * lotExposure));
  });

  it('adds up underlyings that do not offset each other', () => {
    const key = 'NSE:BANKNIFTY:2026-06-30:FUT';
    const other = { ...future(-30, 55_000), key, underlying: 'BANKNIFTY' };
    const underlyings = new Map([
      ['NSE:NIFTY', nifty()],
      ['NSE:BANKNIFTY', nifty({ spotPaise: 5_490_000 })],
    ]);
    const both = estimateMargin([future(lot), other], inputs({ underlyings }));
    const alone = [future(lot), other].map((one) => estimateMargin([one], inputs({ underlyings })));
    expect(both.byUnderlying.map((one) => one.underlying)).toEqual([
      'NSE:BANKNIFTY', 'NSE:NIFTY',
    ]);
    expect(both.totalPaise).toBe(alone[0]!.totalPaise + alone[1]!.totalPaise);
    expect(both.shape).toBe('other');
  });
});

describe('estimateMargin of commodities', () => {
  const expiry = '2026-06-19';
  const key = `MCX:CRUDEOIL:${expiry}:FUT`;
  const crude = {
    ...future(100, 5_850, expiry), key, exchange: 'MCX' as const, underlying: 'CRUDEOIL',
  };
  const market: MarginUnderlying = {
    class: 'commodity', spotPaise: 585_000, previousClosePaise: null, dailyVolatility: 0.01,
    isIlliquid: false,
  };
  const of = (lines: MarginPosition[], change: Partial<MarginUnderlying> = {}) =>
    estimateMargin(lines, inputs({
      underlyings: new Map([['MCX:CRUDEOIL', { ...market, ...change }]]),
    })).byUnderlying[0]!;

  it('a future of one lot of 100: 10 % of ₹5,85,000, and 1 % exposure', () => {
    expect(of([crude])).toMatchObject({
      scanPaise: 5_850_000, spanPaise: 5_850_000, exposurePaise: 585_000, expiryDayPaise: 0,
    });
    // 3.5 × 2.5 % × √3 of it is more: 15.16 %.
    expect(of([crude], { dailyVolatility: 0.025 }).scanPaise)
      .toBe(Math.round(58_500_000 * 3.5 * 0.025 * Math.sqrt(3)));
  });

  it('a sold option far out of the money: never less than 10 % of the spot', () => {
    const put = {
      ...crude, key: `MCX:CRUDEOIL:${expiry}:3000:PE`, kind: 'PE' as const, strikePaise: 300_000,
      quantity: -100, pricePaise: 20,
    };
    const found = of([put]);
    // The minimum, and what the options were sold for.
    expect(found.spanPaise).toBe(5_850_000 + 2_000);
    expect(found.exposurePaise).toBe(585_000);
  });
});

describe('estimateMargin refuses', () => {
  const refusal = (change: object, position = soldCall) => () =>
    estimateMargin([position], inputs(change));

  it.each([
    ['margin_underlying_unknown', { underlyings: new Map() }],
    ['margin_spot_invalid', { underlyings: new Map([['NSE:NIFTY', nifty({ spotPaise: 0 })]]) }],
    ['margin_spot_invalid', { underlyings: new Map([['NSE:NIFTY', nifty({ spotPaise: NaN })]]) }],
    [
      'margin_spot_invalid',
      { underlyings: new Map([['NSE:NIFTY', nifty({ previousClosePaise: -1 })]]) },
    ],
    [
      'margin_volatility_invalid',
      { underlyings: new Map([['NSE:NIFTY', nifty({ dailyVolatility: NaN })]]) },
    ],
    ['margin_time_invalid', { asOfMs: NaN }],
    ['margin_time_invalid', { asOfMs: 1e20 }],
    ['margin_contract_expired', { asOfMs: indiaInstant('2026-07-01', 600) }],
    ['margin_exposure_invalid', { exposureRateOf: () => NaN }],
    ['margin_exposure_invalid', { exposureRateOf: () => -0.1 }],
    ['margin_rules_missing', { asOfMs: indiaInstant('2020-01-01', 600) }],
  ])('with %s: %o', (code, change) => {
    expect(refusal(change)).toThrow(expect.objectContaining({ code }));
  });

  it('a price that no option can have, unless the file has its own', () => {
    const absurd = { ...soldCall, pricePaise: 2_400_000 };
    expect(refusal({}, absurd)).toThrow(expect.objectContaining({ code: 'margin_price_absurd' }));
    const found = estimateMargin([absurd], inputs({ files: [file] })).byUnderlying[0]!;
    expect([found.spanPaise, found.netGreeks]).toEqual([14_167_335, null]);
  });
});
