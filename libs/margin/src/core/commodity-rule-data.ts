import type { MarginRuleName, MarginRuleRow, RuleEvidence } from './margin-rule';

const framework =
  'ICCL notice 20230905-40 on SEBI/HO/CDMRD/DRMP/CIR/P/2020/15 and /2021/08; MCX is taken alike';
const scenarioPages = 'ICCL, page on margins of commodity derivatives; MCX is taken alike';
const calendarBenefit = 'a benefit of 75 % on both legs, as SEBI permits';
const likeShares = 'as equity derivatives: nothing else was read';

/** As the rules of shares, the first day for which any is kept. */
const firstDay = '2024-01-01';

/** Of low volatility by the regulator's classes; every other commodity is taken to be of high. */
const gold: readonly string[] = ['GOLD', 'GOLDM'];

function row(
  rule: MarginRuleName,
  value: number,
  [source, evidence]: readonly [string, RuleEvidence],
  symbols?: readonly string[],
): MarginRuleRow {
  const own = symbols && { symbols };
  return {
    rule, exchange: 'MCX', class: 'commodity', from: firstDay, value, source, evidence, ...own,
  };
}

/**
 * Commodities at MCX. Its own circulars were not read: the regulator's framework counts, as another
 * clearing corporation applies it. Where it has classes of volatility, gold has that of gold, and
 * the others have the highest one: too much only waits for the exchange's file to correct it.
 */
export const commodityRuleRows: readonly MarginRuleRow[] = [
  row('priceScanSigmas', 3.5, ['IIBX Clearing on EWMA margins: 3.5 σ', 'assumed']),
  row('priceScanDays', 3, [framework, 'secondary']),
  row('priceScanDays', 2, [framework, 'secondary'], gold),
  row('illiquidDays', 3, [likeShares, 'assumed']),
  row('priceScanFloor', 0.1, [framework, 'secondary']),
  row('priceScanFloor', 0.06, [framework, 'secondary'], gold),
  row('priceScanFloorFar', 0.1, [framework, 'secondary']),
  row('priceScanFloorFar', 0.06, [framework, 'secondary'], gold),
  row('farDays', 274, [likeShares, 'assumed']),
  row('volScanShare', 0.25, [likeShares, 'assumed']),
  row('volScanFloor', 0.06, [framework, 'secondary']),
  row('volScanFloor', 0.04, [framework, 'secondary'], gold),
  row('extremeMultiple', 2, [scenarioPages, 'secondary']),
  row('extremeShare', 0.35, [scenarioPages, 'secondary']),
  // Options are on a future, and the spot here is one: it has its interest in it.
  row('scenarioRate', 0, ['options on futures, by Black-76', 'assumed']),
  // A quarter of both legs' initial margin stays: half of one leg's, whatever it is scanned by. The
  // first rows are that of the least scan range.
  row('calendarShare', 0.05, [calendarBenefit, 'assumed']),
  row('calendarShare', 0.03, [calendarBenefit, 'assumed'], gold),
  row('calendarScanShare', 0.5, [calendarBenefit, 'assumed']),
  row('calendarEndsDays', 0, [likeShares, 'assumed']),
  row('shortOptionMinimum', 0.1, [framework, 'secondary']),
  row('shortOptionMinimum', 0.06, [framework, 'secondary'], gold),
  row('exposureFuture', 0.01, ['extreme loss margin of 1 % on open positions', 'assumed']),
  row('exposureOption', 0.01, ['extreme loss margin of 1 % on open positions', 'assumed']),
  row('exposureSigmas', 0, [scenarioPages, 'assumed']),
  row('calendarExposureShare', 1, ['both months are asked for in full elsewhere', 'assumed']),
  // Nothing is added for distance, nor on the day of expiry.
  row('deepOtmFrom', 1, [scenarioPages, 'assumed']),
  row('deepOtmExtra', 0, [scenarioPages, 'assumed']),
  row('expiryDayShare', 0, [scenarioPages, 'assumed']),
];
