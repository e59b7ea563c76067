import type { LegFigures } from '@strikewire/client';
import { changePercent, grouped, noData, price, short, signed } from '../../../format/numbers';
import { buildUpOf } from './build-up';
import { liquidityOf } from './liquidity';
import { isTwoSided, spreadBandOf, spreadPercentOf, type SpreadBand } from './spread';

/** Names of columns, in their usual order from the strike outwards. */
export const columnIds = [
  'oi',
  'ltp',
  'change',
  'oi-change',
  'build-up',
  'volume',
  'iv',
  'spread',
  'liquidity',
  'delta',
  'gamma',
  'theta',
  'vega',
  'rho',
  'bid-qty',
  'bid',
  'ask',
  'ask-qty',
] as const;
/** Name of a column. */
export type ColumnId = (typeof columnIds)[number];

/** A leg with what its table knows beside the market's figures. */
export interface TableLeg extends LegFigures {
  lotSize: number;
  /** A large move that is marked, percent; NaN for none. */
  movePercent: number;
}

/** Class of a cell whose colour says what its text says too. */
export type Tone = 'up' | 'down' | `spread-${SpreadBand}`;

/** One figure of a leg as the table shows it. */
export interface Column {
  id: ColumnId;
  /** The heading as shown, and as read aloud. */
  label: string;
  name: string;
  /** What the column means, for the heading's hover. */
  about: string;
  /** Width as a share of the table's unit; see column-widths.ts. */
  share: number;
  /** The same on a phone, where it is another. */
  narrowShare?: number;
  /** Columns of the book that stand together keep their order on either side. */
  isBook?: true;
  /** What the cell shows. */
  text(leg: TableLeg): string;
  /** The figure in full with its unit, for the cell's hover; empty when there is nothing to add. */
  full(leg: TableLeg): string;
  /** What colours the cell, empty for nothing; left out for figures that are never coloured. */
  tone?(leg: TableLeg): Tone | '';
}

const oi: Column = {
  id: 'oi',
  label: 'OI',
  name: 'open interest',
  about:
    'Open interest in units. The bar is its share of the largest in this chain; the thin bar is ' +
    'the change since the previous day, full when it grew, in dashes when it fell',
  share: 1.5,
  text: (leg) => short(leg.oi),
  full: (leg) => units(leg.oi, 'open interest'),
};

const ltp: Column = {
  id: 'ltp',
  label: 'LTP',
  name: 'last price',
  about: 'Last traded price in rupees; an arrow with a percentage marks a large move',
  share: 1.85,
  narrowShare: 1.5,
  text: (leg) => price(leg.ltpPaise),
  full(leg) {
    if (!(leg.ltpPaise >= 0)) return '';
    const move = Number.isNaN(leg.movePercent) ? '' : `; moved ${moveText(leg.movePercent)}`;
    return `₹ ${price(leg.ltpPaise)} last traded${move}`;
  },
};

const change: Column = {
  id: 'change',
  label: 'Chg',
  name: 'change',
  about: 'LTP against the previous close, in percent',
  share: 1.1,
  text: (leg) => changePercent(leg.changePercent),
  full: (leg) =>
    Number.isFinite(leg.changePaise)
      ? `${signed(leg.changePaise, price(leg.changePaise))} rupees since the previous close`
      : '',
  tone: (leg) => toneOf(leg.changePaise),
};

const oiChange: Column = {
  id: 'oi-change',
  label: 'OI chg',
  name: 'open interest change',
  about: 'Open interest less the previous day’s, in units',
  share: 1.1,
  text: (leg) => signed(leg.oiChange, short(leg.oiChange)),
  full: (leg) => signed(leg.oiChange, units(leg.oiChange, 'since the previous day')),
};

const buildUp: Column = {
  id: 'build-up',
  label: 'Build-up',
  name: 'build-up',
  about:
    'Price and open interest against the previous day: long build-up (both up), short covering ' +
    '(price up, OI down), short build-up (price down, OI up), long unwinding (both down)',
  share: 2.2,
  text(leg) {
    return buildUpOf(leg)?.word ?? noData;
  },
  full(leg) {
    const found = buildUpOf(leg);
    if (found) return `${found.word}: ${found.about}`;
    return 'None: price or open interest has not changed since the previous day, or is not known';
  },
  tone: (leg) => toneOf(buildUpOf(leg)?.sign ?? 0),
};

const volume: Column = {
  id: 'volume',
  label: 'Volume',
  name: 'volume',
  about: 'Units traded today',
  share: 1,
  text: (leg) => short(leg.volume),
  full: (leg) => units(leg.volume, 'traded today'),
};

const iv: Column = {
  id: 'iv',
  label: 'IV',
  name: 'implied volatility',
  about: 'Implied volatility in percent a year, from the middle of the book, else from the LTP',
  share: 0.85,
  text: (leg) => grouped(leg.iv, 1),
  full(leg) {
    const own = Number.isFinite(leg.iv)
      ? `IV ${grouped(leg.iv, 2)} %`
      : 'No IV: the price is missing, or no more than the option is worth at once';
    return Number.isFinite(leg.brokerIv) ? `${own} (broker’s ${grouped(leg.brokerIv, 2)} %)` : own;
  },
};

const spread: Column = {
  id: 'spread',
  label: 'Spread',
  name: 'spread',
  about:
    'Ask less bid in percent of the LTP: tight below 0.5 %, fair below 2 %, wide below 5 %, poor ' +
    'from there on',
  share: 1.5,
  text(leg) {
    const percent = spreadPercentOf(leg);
    const band = spreadBandOf(percent);
    return band ? `${grouped(percent, percent < 10 ? 2 : 1)}% ${band}` : noData;
  },
  full: spreadText,
  tone: spreadTone,
};

const liquidity: Column = {
  id: 'liquidity',
  label: 'Liq',
  name: 'liquidity score',
  about:
    'How easily the leg is traded now, 0 to 100: half of it the spread, then lots at the touch, ' +
    'then lots traded today',
  share: 0.75,
  text: (leg) => grouped(liquidityOf(leg, leg.lotSize)),
  full(leg) {
    const score = liquidityOf(leg, leg.lotSize);
    if (Number.isNaN(score)) return 'No score: the book or the last price is unknown';
    const lots = grouped(Math.min(leg.bidQty, leg.askQty) / leg.lotSize, 1);
    const parts = `${lots} lots at the touch, ${grouped(leg.volume / leg.lotSize)} lots today`;
    return `Liquidity ${score} of 100: ${spreadText(leg)}, ${parts}`;
  },
};

const delta = greek('delta', 'Δ', {
  about: 'Delta: rupees that the price moves with a rupee of the forward',
  share: 1,
  decimals: 2,
});
const gamma = greek('gamma', 'Γ', {
  about: 'Gamma: how much delta moves with a rupee of the forward',
  share: 1.25,
  decimals: 5,
});
const theta = greek('theta', 'Θ', {
  about: 'Theta: rupees that a calendar day takes from the price',
  share: 1.15,
  decimals: 2,
});
const vega = greek('vega', 'Vega', {
  about: 'Vega: rupees that a point of volatility adds to the price',
  share: 0.9,
  decimals: 2,
});
const rho = greek('rho', 'Rho', {
  about: 'Rho: rupees that a point of the interest rate adds to the price',
  share: 1,
  decimals: 2,
});

const bidQty: Column = {
  id: 'bid-qty',
  label: 'Qty',
  name: 'bid quantity',
  about: 'Units wanted at the best bid',
  share: 1.05,
  isBook: true,
  text: (leg) => short(leg.bidQty),
  full: (leg) => units(leg.bidQty, 'wanted at the best bid'),
};

const bid: Column = {
  id: 'bid',
  label: 'Bid',
  name: 'bid',
  about: 'Best bid in rupees; 0.00 when nobody buys. The colour tells the spread',
  share: 1.15,
  isBook: true,
  tone: spreadTone,
  text: (leg) => price(leg.bidPaise),
  full: spreadText,
};

const ask: Column = {
  id: 'ask',
  label: 'Ask',
  name: 'ask',
  about: 'Best ask in rupees; 0.00 when nobody sells. The colour tells the spread',
  share: 1.15,
  isBook: true,
  tone: spreadTone,
  text: (leg) => price(leg.askPaise),
  full: spreadText,
};

const askQty: Column = {
  id: 'ask-qty',
  label: 'Qty',
  name: 'ask quantity',
  about: 'Units offered at the best ask',
  share: 1.05,
  isBook: true,
  text: (leg) => short(leg.askQty),
  full: (leg) => units(leg.askQty, 'offered at the best ask'),
};

/** The book keeps its order, bid before ask, on either side. */
const book = [bidQty, bid, ask, askQty];

/** All columns in their usual order, from the strike outwards; what is read most is nearest. */
export const allColumns: readonly Column[] = [
  oi,
  ltp,
  change,
  oiChange,
  buildUp,
  volume,
  iv,
  spread,
  liquidity,
  delta,
  gamma,
  theta,
  vega,
  rho,
  ...book,
];

/** Columns of a table, left to right. */
export interface TableColumns {
  calls: readonly Column[];
  puts: readonly Column[];
}

/** Columns that nobody can switch off: the bar and the price carry the table. */
export const fixedColumns: readonly ColumnId[] = ['oi', 'ltp'];

/**
 * The columns of these names, from the strike outwards in this order: calls mirror puts, but for
 * the book. `isNarrow`: the columns that cannot be missing stand nearest, for no other fit.
 */
export function tableColumns(chosen: readonly ColumnId[], isNarrow = false): TableColumns {
  const isNear = (id: ColumnId): boolean => !isNarrow || fixedColumns.includes(id);
  const ids = [...chosen.filter((id) => isNear(id)), ...chosen.filter((id) => !isNear(id))];
  const puts = ids.flatMap((id) => {
    const column = allColumns.find((it) => it.id === id);
    return column ? [{ ...column, share: (isNarrow && column.narrowShare) || column.share }] : [];
  });
  return { calls: mirrored(puts), puts };
}

/** Turned round, but each run of the book's columns kept as it is: bid before ask. */
function mirrored(columns: readonly Column[]): Column[] {
  const runs: Column[][] = [];
  for (const column of columns) {
    const last = runs.at(-1);
    if (column.isBook && last?.[0]?.isBook) last.push(column);
    else runs.push([column]);
  }
  return runs.toReversed().flat();
}

/** `+12%`, as the cell of the LTP marks a move; the styles draw its arrow. */
export function moveText(percent: number): string {
  return signed(percent, `${grouped(percent, Math.abs(percent) < 10 ? 1 : 0)}%`);
}

function toneOf(sign: number): Tone | '' {
  if (sign > 0) return 'up';
  return sign < 0 ? 'down' : '';
}

function greek(
  id: 'delta' | 'gamma' | 'theta' | 'vega' | 'rho',
  label: string,
  { about, share, decimals }: { about: string; share: number; decimals: number },
): Column {
  return {
    id,
    label,
    name: id,
    about,
    share,
    text: (leg) => grouped(leg[id], decimals),
    full: (leg) =>
      Number.isFinite(leg[id])
        ? `${about.slice(0, about.indexOf(':'))} ${grouped(leg[id], decimals + 2)}`
        : 'None without an implied volatility',
  };
}

function units(value: number, what: string): string {
  return Number.isFinite(value) ? `${grouped(value)} ${what}` : '';
}

/** `Spread 0.50 (0.42 % of the LTP, tight)`, or which side of the book is empty. */
function spreadText(leg: LegFigures): string {
  if (!isTwoSided(leg)) return leg.bidPaise === 0 || leg.askPaise === 0 ? emptySide(leg) : '';
  const percent = spreadPercentOf(leg);
  const band = spreadBandOf(percent);
  const share = band ? ` (${grouped(percent, 2)} % of the LTP, ${band})` : '';
  return `Spread ${price(leg.askPaise - leg.bidPaise)}${share}`;
}

function spreadTone(leg: LegFigures): Tone | '' {
  const band = spreadBandOf(spreadPercentOf(leg));
  return band ? `spread-${band}` : '';
}

function emptySide({ bidPaise, askPaise }: LegFigures): string {
  if (bidPaise === 0 && askPaise === 0) return 'Nobody buys or sells';
  return bidPaise === 0 ? 'Nobody buys' : 'Nobody sells';
}
