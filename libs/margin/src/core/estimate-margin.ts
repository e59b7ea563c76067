import { indiaDateOf, isIsoDate, type ContractKey } from '@strikewire/contracts';
import { StrikewireError } from '@strikewire/runtime';
import type { VolatilitySource } from './daily-volatility';
import { exposureOf, expiryDayOf, type ExposureTerms } from './exposure';
import type { MarginEstimate, UnderlyingMargin } from './margin-estimate';
import {
  isOption,
  netPositions,
  positionLimits,
  underlyingOf,
  type MarginPosition,
} from './margin-position';
import type { MarginRuleRow, UnderlyingClass } from './margin-rule';
import { marginRulesAt } from './margin-rules';
import { shapeOf } from './position-shape';
import type { RiskFile } from './risk-file';
import { riskLinesOf, type RiskSource } from './risk-lines';
import { scanRisk } from './scan-risk';
import type { ScenarioFigures } from './scenario-arrays';

/** What is known of one underlying. */
export interface MarginUnderlying {
  class: UnderlyingClass;
  spotPaise: number;
  /** The close of the day before; null: not known. */
  previousClosePaise: number | null;
  /** Standard deviation of a day's return as a fraction; null: not known. */
  dailyVolatility: number | null;
  /** Where that is from; `options`: the estimate says so. */
  volatilityFrom?: VolatilitySource | null;
  /** True where the exchange scales the price scan range up for want of liquidity. */
  isIlliquid: boolean;
}

/** What an estimate is made from. */
export interface MarginInputs {
  asOfMs: number;
  /** By `NSE:NIFTY`. */
  underlyings: ReadonlyMap<ContractKey, MarginUnderlying>;
  /** The exchange's risk-parameter files, at most one of each exchange. */
  files: readonly RiskFile[];
  /** Rules of its own; the built-in ones when absent. */
  rules?: readonly MarginRuleRow[];
  /** The exchange's daily exposure rate of a contract as a fraction; null: by the rules. */
  exposureRateOf?(position: MarginPosition): number | null;
  /**
   * Shared by estimates of several sets at the very same time, market and prices, so that no
   * contract is priced twice; an empty map to begin with.
   */
  figures?: Map<ContractKey, ScenarioFigures>;
}

const dayMs = 86_400_000;

/** Shares are delivered: exchanges ask for that from four trading days before expiry on. */
const deliveryDays = 7;

/** A file of longer ago than this says nothing of today; long weekends have four days. */
export const riskFileDaysMax = 7;

/**
 * What a position set needs, from the exchange's file where it has the underlying, from our own
 * scenarios where it does not. Everything comes in as an argument, so that the same set at the
 * same prices always gives the same estimate, however it is ordered or split into lines.
 * @throws StrikewireError `invalid` for absurd inputs, `not_found` without rules for the day.
 */
export function estimateMargin(
  positions: readonly MarginPosition[],
  inputs: MarginInputs,
): MarginEstimate {
  const lines = netPositions(positions);
  const date = dateOf(inputs.asOfMs);
  const groups = grouped(lines);
  const files = inputs.files.filter((file) => isRiskFileCurrent(file, date));
  const warnings = inputs.files
    .filter((file) => !files.includes(file))
    .map((file) => `the risk file of ${file.exchange} is of ${file.businessDate}: not used`);
  const byUnderlying = [...groups].map(([underlying, group]) => {
    const found = underlyingMargin(underlying, group, { inputs: { ...inputs, files }, date });
    warnings.push(...found.warnings);
    return found.margin;
  });
  const revisions = files.map(
    (file) => `${file.exchange} ${file.businessDate} ${file.created}`.trim(),
  );
  const isFile = byUnderlying.length > 0 && byUnderlying.every((one) => one.method === 'file');
  return {
    method: isFile ? 'file' : 'scenarios',
    asOfMs: inputs.asOfMs,
    revision: revisions.length > 0 ? revisions.join(', ') : null,
    shape: shapeOf(lines),
    byUnderlying,
    marginPaise: byUnderlying.reduce((sum, one) => sum + one.marginPaise, 0),
    totalPaise: byUnderlying.reduce((sum, one) => sum + one.totalPaise, 0),
    warnings,
  };
}

function grouped(lines: readonly MarginPosition[]): Map<ContractKey, MarginPosition[]> {
  const groups = new Map<ContractKey, MarginPosition[]>();
  for (const line of lines) {
    const group = groups.get(underlyingOf(line));
    if (group) group.push(line);
    else groups.set(underlyingOf(line), [line]);
  }
  return groups;
}

/** Whether a file counts on a day (ISO date in India): it is of that day or the week before. */
export function isRiskFileCurrent(
  { businessDate }: Pick<RiskFile, 'businessDate'>,
  date: string,
): boolean {
  const days = daysFrom(businessDate, date);
  return days >= 0 && days <= riskFileDaysMax;
}

interface Context {
  inputs: MarginInputs;
  date: string;
}

function underlyingMargin(
  underlying: ContractKey,
  positions: readonly MarginPosition[],
  { inputs, date }: Context,
): { margin: UnderlyingMargin; warnings: readonly string[] } {
  const market = marketOf(underlying, positions, { inputs, date });
  const exchange = positions[0]?.exchange ?? 'NSE';
  const symbol = positions[0]?.underlying ?? '';
  const query = { exchange, class: market.class, symbol, date };
  const rules = marginRulesAt(query, inputs.rules);
  const isApart = (expiry: string): boolean => daysFrom(date, expiry) < rules.calendarEndsDays;
  const file = inputs.files.find((one) => one.exchange === exchange) ?? null;
  const { asOfMs, figures } = inputs;
  const source: RiskSource = { ...market, rules, asOfMs, file, figures };
  const risk = riskLinesOf(positions, source);
  const scan = scanRisk(risk.lines, { ...risk, isApart });
  const terms: ExposureTerms = {
    rules,
    ...market,
    isApart,
    rateOf: (position) => checkedRate(inputs.exposureRateOf?.(position) ?? null, position),
  };
  const paise = {
    scanPaise: Math.round(scan.scanPaise),
    calendarPaise: Math.round(scan.calendarPaise),
    novPaise: Math.round(scan.novPaise),
    spanPaise: Math.round(scan.spanPaise),
    exposurePaise: Math.round(exposureOf(positions, terms)),
    expiryDayPaise: Math.round(expiryDayOf(positions, terms, date)),
    premiumPaise: Math.round(premiumOf(positions)),
  };
  const marginPaise = paise.spanPaise + paise.exposurePaise + paise.expiryDayPaise;
  const margin: UnderlyingMargin = {
    underlying,
    method: risk.method,
    ...paise,
    marginPaise,
    totalPaise: marginPaise + paise.premiumPaise,
    worstScenario: scan.worstScenario,
    netGreeks: risk.netGreeks,
  };
  const warnings = [
    ...risk.warnings,
    ...(risk.method === 'scenarios' ? monthWarnings(underlying, positions, market) : []),
    ...deliveryWarnings(underlying, positions, { market, date }),
  ];
  return { margin, warnings };
}

/** Months of a commodity may be far from each other: that of gas by a quarter. */
function monthWarnings(
  underlying: ContractKey,
  positions: readonly MarginPosition[],
  market: MarginUnderlying,
): string[] {
  const unknown = positions.filter((one) => isOption(one) && (one.forwardPaise ?? null) === null);
  if (market.class !== 'commodity') return [];
  return [...new Set(unknown.map(({ expiry }) => expiry))].map((expiry) =>
    `${underlying}: the future of ${expiry} has no known price, its options are on the nearest`);
}

function deliveryWarnings(
  underlying: ContractKey,
  positions: readonly MarginPosition[],
  { market, date }: { market: MarginUnderlying; date: string },
): string[] {
  const isDue = positions.some((one) => daysFrom(date, one.expiry) <= deliveryDays);
  if (market.class !== 'stock' || !isDue) return [];
  return [`${underlying}: margin for the delivery of shares after expiry is not estimated`];
}

function premiumOf(positions: readonly MarginPosition[]): number {
  const bought = positions.filter((one) => one.kind !== 'FUT' && one.quantity > 0);
  return bought.reduce((sum, one) => sum + one.quantity * one.pricePaise, 0);
}

function marketOf(
  underlying: ContractKey,
  positions: readonly MarginPosition[],
  { inputs, date }: Context,
): MarginUnderlying {
  const market = inputs.underlyings.get(underlying);
  if (!market) refuse('underlying_unknown', `${underlying} has no figures, needs its spot price`);
  const { pricePaiseMax } = positionLimits;
  const { spotPaise, previousClosePaise, dailyVolatility } = market;
  for (const price of [spotPaise, previousClosePaise ?? spotPaise]) {
    if (price > 0 && price <= pricePaiseMax) continue;
    const needed = `more than 0 and up to ${pricePaiseMax}`;
    refuse('spot_invalid', `spot of ${underlying} was ${price} paise, needs ${needed}`);
  }
  if (dailyVolatility !== null && !(dailyVolatility >= 0 && dailyVolatility <= 1)) {
    const needed = '0 to 1 a day, or null';
    const found = `volatility ${dailyVolatility}`;
    refuse('volatility_invalid', `${underlying} has ${found}, needs ${needed}`);
  }
  const expired = positions.find((one) => one.expiry < date);
  if (expired) refuse('contract_expired', `${expired.key} expired before ${date}`);
  return market;
}

function checkedRate(rate: number | null, { key }: MarginPosition): number | null {
  if (rate === null || (rate >= 0 && rate <= 1)) return rate;
  return refuse('exposure_invalid', `exposure rate of ${key} was ${rate}, needs 0 to 1 or null`);
}

function dateOf(asOfMs: number): string {
  // The range of dates with four digits of year.
  const isTime = asOfMs >= 0 && asOfMs < 253_000_000_000_000;
  const date = isTime ? indiaDateOf(asOfMs) : '';
  if (!isIsoDate(date)) refuse('time_invalid', `time was ${asOfMs}, needs epoch ms`);
  return date;
}

function daysFrom(date: string, later: string): number {
  return (Date.parse(`${later}T00:00:00Z`) - Date.parse(`${date}T00:00:00Z`)) / dayMs;
}

function refuse(code: string, message: string): never {
  throw new StrikewireError({ kind: 'invalid', code: `margin_${code}`, message });
}
