import type { LegFigures } from '@strikewire/client';
import { changePercent, grouped, noData, price, short, signed } from '../../../format/numbers';

/** Names of columns, in the order from the strike outwards. */
export const columnIds = [
  'oi',
  'ltp',
  'change',
  'oi-change',
  'volume',
  'iv',
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
  /** Columns of the book stay together. */
  isBook?: true;
  /** What the cell shows. */
  text(leg: LegFigures): string;
  /** The figure in full with its unit, for the cell's hover; empty when there is nothing to add. */
  full(leg: LegFigures): string;
  /** Sign of a change, which colours the cell; left out for figures that are no change. */
  trend?(leg: LegFigures): number;
}

const oi: Column = {
  id: 'oi',
  label: 'OI',
  name: 'open interest',
  about: 'Open interest in units; the bar is its share of the largest in this chain',
  share: 1.6,
  text: (leg) => short(leg.oi),
  full: (leg) => units(leg.oi, 'open interest'),
};

const ltp: Column = {
  id: 'ltp',
  label: 'LTP',
  name: 'last price',
  about: 'Last traded price in rupees',
  share: 1.2,
  text: (leg) => price(leg.ltpPaise),
  full: (leg) => (leg.ltpPaise >= 0 ? `₹ ${price(leg.ltpPaise)} last traded` : ''),
};

const change: Column = {
  id: 'change',
  label: 'Chg',
  name: 'change',
  about: 'LTP against the previous close, in percent',
  share: 1,
  text: (leg) => changePercent(leg.changePercent),
  full: (leg) =>
    Number.isFinite(leg.changePaise)
      ? `${signed(leg.changePaise, price(leg.changePaise))} rupees since the previous close`
      : '',
  trend: (leg) => Math.sign(leg.changePaise),
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
  share: 0.7,
  text: (leg) => grouped(leg.iv, 1),
  full(leg) {
    const own = Number.isFinite(leg.iv)
      ? `IV ${grouped(leg.iv, 2)} %`
      : 'No IV: the price is missing, or no more than the option is worth at once';
    return Number.isFinite(leg.brokerIv) ? `${own} (broker’s ${grouped(leg.brokerIv, 2)} %)` : own;
  },
};

const delta = greek('delta', 'Δ', {
  about: 'Delta: rupees that the price moves with a rupee of the forward',
  share: 0.75,
  decimals: 2,
});
const gamma = greek('gamma', 'Γ', {
  about: 'Gamma: how much delta moves with a rupee of the forward',
  share: 0.95,
  decimals: 5,
});
const theta = greek('theta', 'Θ', {
  about: 'Theta: rupees that a calendar day takes from the price',
  share: 0.9,
  decimals: 2,
});
const vega = greek('vega', 'Vega', {
  about: 'Vega: rupees that a point of volatility adds to the price',
  share: 0.8,
  decimals: 2,
});
const rho = greek('rho', 'Rho', {
  about: 'Rho: rupees that a point of the interest rate adds to the price',
  share: 0.75,
  decimals: 2,
});

const bidQty: Column = {
  id: 'bid-qty',
  label: 'Qty',
  name: 'bid quantity',
  about: 'Units wanted at the best bid',
  share: 0.75,
  isBook: true,
  text: (leg) => short(leg.bidQty),
  full: (leg) => units(leg.bidQty, 'wanted at the best bid'),
};

const bid: Column = {
  id: 'bid',
  label: 'Bid',
  name: 'bid',
  about: 'Best bid in rupees; 0.00 when nobody buys',
  share: 1.02,
  isBook: true,
  text: (leg) => price(leg.bidPaise),
  full: spread,
};

const ask: Column = {
  id: 'ask',
  label: 'Ask',
  name: 'ask',
  about: 'Best ask in rupees; 0.00 when nobody sells',
  share: 1.02,
  isBook: true,
  text: (leg) => price(leg.askPaise),
  full: spread,
};

const askQty: Column = {
  id: 'ask-qty',
  label: 'Qty',
  name: 'ask quantity',
  about: 'Units offered at the best ask',
  share: 0.75,
  isBook: true,
  text: (leg) => short(leg.askQty),
  full: (leg) => units(leg.askQty, 'offered at the best ask'),
};

/** The book keeps its order, bid before ask, on either side. */
const book = [bidQty, bid, ask, askQty];

/** All columns, from the strike outwards; what is read most stands nearest. */
export const allColumns: readonly Column[] = [
  oi,
  ltp,
  change,
  oiChange,
  volume,
  iv,
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

/** The columns of these names: calls mirror puts, but for the book. */
export function tableColumns(chosen: readonly ColumnId[]): TableColumns {
  const puts = allColumns.filter(({ id }) => chosen.includes(id));
  const inner = puts.filter(({ isBook }) => !isBook);
  return { calls: [...puts.filter(({ isBook }) => isBook), ...inner.toReversed()], puts };
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

function spread(leg: LegFigures): string {
  if (!(leg.bidPaise > 0 && leg.askPaise > 0)) return '';
  const gap = leg.askPaise - leg.bidPaise;
  const share = leg.ltpPaise > 0 ? grouped((gap / leg.ltpPaise) * 100, 2) : noData;
  return `Spread ${price(gap)} (${share} % of the LTP)`;
}
