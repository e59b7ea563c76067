import type { ContractKey } from '@strikewire/contracts';
import { StrikewireError } from '@strikewire/runtime';
import { calendarSpreadsOf, type CalendarSpread } from './calendar-charge';
import type { MarginMethod, NetGreeks } from './margin-estimate';
import { isOption, levelPaiseOf, type MarginPosition } from './margin-position';
import type { RiskFile, RiskUnderlying } from './risk-file';
import type { RiskLine } from './scan-risk';
import {
  priceScanShare,
  scenarioFigures,
  type ScenarioFigures,
  type ScenarioMarket,
} from './scenario-arrays';

const dayMs = 86_400_000;

/** A commodity's future ends at most so long after its options: those of gold some ten days. */
const ownFutureDays = 14;

/** Where risk lines of one underlying can come from. */
export interface RiskSource extends ScenarioMarket {
  file: RiskFile | null;
  /** Figures of contracts at this very market and these prices; what is missing is added. */
  figures?: Map<ContractKey, ScenarioFigures> | undefined;
}

/** Lines of one underlying, ready for the scan. */
export interface RiskLines {
  method: MarginMethod;
  lines: RiskLine[];
  spreads: readonly CalendarSpread[];
  shortOptionMinimumPaise: number;
  netGreeks: NetGreeks | null;
  warnings: readonly string[];
}

/**
 * From the file when it has every contract of the underlying; else all from our own scenarios:
 * arrays of two makers do not belong in one sum.
 */
export function riskLinesOf(
  positions: readonly MarginPosition[],
  source: RiskSource,
): RiskLines {
  const symbol = positions[0]?.underlying ?? '';
  const inFile = source.file?.underlyings.get(symbol) ?? null;
  const missing = positions.filter((one) => !inFile?.contracts.has(one.key));
  if (inFile && missing.length === 0) return fromFile(positions, inFile, source);
  const own = fromScenarios(positions, source);
  const [first] = missing;
  if (!source.file || !first) return own;
  const warning = `${first.key} is not in the risk file of ${source.file.businessDate}`;
  return { ...own, warnings: [`${warning}: ${symbol} by own scenarios`, ...own.warnings] };
}

function fromFile(
  positions: readonly MarginPosition[],
  inFile: RiskUnderlying,
  source: RiskSource,
): RiskLines {
  const lines = positions.flatMap((position): RiskLine[] => {
    const contract = inFile.contracts.get(position.key);
    if (!contract) return [];
    const { quantity, expiry } = position;
    return [{ quantity, expiry, isOption: isOption(position), ...contract }];
  });
  // Greeks are ours in either method; a price that cannot be has none.
  const isPriced = positions.every((one) => absurdity(one, source) === null);
  const figures = isPriced ? positions.map((one) => figuresOf(one, source)) : null;
  return {
    method: 'file',
    lines,
    spreads: inFile.spreads,
    shortOptionMinimumPaise: inFile.shortOptionMinimumPaise,
    netGreeks: figures && netGreeksOf(positions, figures),
    warnings: [],
  };
}

function fromScenarios(
  positions: readonly MarginPosition[],
  source: RiskSource,
): RiskLines {
  const { rules, spotPaise } = source;
  for (const position of positions) {
    const found = absurdity(position, source);
    if (found === null) continue;
    throw new StrikewireError({ kind: 'invalid', code: 'margin_price_absurd', message: found });
  }
  const figures = positions.map((position) => figuresOf(position, source));
  const lines = positions.map((position, index): RiskLine => {
    const { quantity, pricePaise } = position;
    const expiry = monthOf(position, positions);
    const { array, delta } = figures[index] ?? { array: [], delta: 0 };
    return { quantity, expiry, isOption: isOption(position), pricePaise, array, delta };
  });
  // A month without a future in the set is charged on what its options are on.
  const prices = new Map(positions.map((one) =>
    [monthOf(one, positions), levelPaiseOf(one, spotPaise)]));
  for (const one of positions) if (!isOption(one)) prices.set(one.expiry, one.pricePaise);
  return {
    method: 'scenarios',
    lines,
    spreads: calendarSpreadsOf(prices, calendarShareOf(source)),
    shortOptionMinimumPaise: rules.shortOptionMinimum * soldLevelOf(positions, spotPaise),
    netGreeks: netGreeksOf(positions, figures),
    warnings: warningsOf(positions, figures, source),
  };
}

/**
 * Which month a line counts to against others. A commodity's option ends some days before its
 * future: with that it makes no spread of two months.
 */
function monthOf(position: MarginPosition, positions: readonly MarginPosition[]): string {
  const { expiry, forwardPaise } = position;
  if (!isOption(position) || typeof forwardPaise !== 'number') return expiry;
  const ends = positions.filter((one) => !isOption(one) && one.expiry >= expiry)
    .map((one) => one.expiry)
    .sort();
  const [end = expiry] = ends;
  return (Date.parse(end) - Date.parse(expiry)) / dayMs <= ownFutureDays ? end : expiry;
}

/** A constant, and at least a share of the scan range where that is how the exchange asks. */
function calendarShareOf(source: RiskSource): number {
  const { calendarShare, calendarScanShare, priceScanFloor } = source.rules;
  return Math.max(calendarShare, calendarScanShare * priceScanShare(source, priceScanFloor));
}

/** What sold options are on, by their units: months of a commodity differ. */
function soldLevelOf(positions: readonly MarginPosition[], spotPaise: number): number {
  const sold = positions.filter((one) => isOption(one) && one.quantity < 0);
  const units = sold.reduce((sum, { quantity }) => sum + quantity, 0);
  if (units === 0) return spotPaise;
  const above = sold.reduce((sum, one) =>
    sum + one.quantity * (levelPaiseOf(one, spotPaise) - spotPaise), 0);
  return spotPaise + above / units;
}

/** One contract's figures are the same in every set, and to price them is what takes time. */
function figuresOf(position: MarginPosition, source: RiskSource): ScenarioFigures {
  const known = source.figures?.get(position.key);
  if (known) return known;
  const found = scenarioFigures(position, source);
  source.figures?.set(position.key, found);
  return found;
}

/** A price that no volatility explains makes scenarios gain where they lose. */
function absurdity(position: MarginPosition, { spotPaise }: RiskSource): string | null {
  const { key, kind, pricePaise, strikePaise } = position;
  const most = kind === 'PE' ? strikePaise : levelPaiseOf(position, spotPaise);
  if (!isOption(position) || pricePaise < most) return null;
  const needed = `less than ${most}, which is all it can be worth`;
  return `price of ${key} was ${pricePaise} paise, needs ${needed}`;
}

function netGreeksOf(
  positions: readonly MarginPosition[],
  figures: readonly ScenarioFigures[],
): NetGreeks {
  const net: NetGreeks = { delta: 0, gamma: 0, thetaPaisePerDay: 0, vegaPaise: 0 };
  for (const [index, { quantity }] of positions.entries()) {
    const one = figures[index];
    if (!one) continue;
    net.delta += quantity * one.delta;
    net.gamma += quantity * one.gamma;
    net.thetaPaisePerDay += quantity * one.thetaPaisePerDay;
    net.vegaPaise += quantity * one.vegaPaise;
  }
  return net;
}

function warningsOf(
  positions: readonly MarginPosition[],
  figures: readonly ScenarioFigures[],
  { dailyVolatility, volatilityFrom }: RiskSource,
): string[] {
  const symbol = positions[0]?.underlying ?? '';
  const unknown = positions.filter((_, index) => figures[index]?.volatilityFrom === 'none');
  return [
    ...(dailyVolatility === null
      ? [`${symbol}: daily volatility is not known, scan ranges are at their floors`]
      : []),
    ...(volatilityFrom === 'options'
      ? [`${symbol}: too few closes are stored, its volatility is that of options at the money`]
      : []),
    ...unknown.map(({ key }) => `${key}: no volatility explains its price, none was given`),
  ];
}
