import type { LegFigures } from '@strikewire/client';
import { changePercent, grouped, noData, price, short, signed } from '../../../format/numbers';

export interface Column {
  id: string;
  /** The heading as shown, and as read aloud. */
  label: string;
  name: string;
  /** What the column means, for the heading's hover. */
  about: string;
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
  text: (leg) => short(leg.oi),
  full: (leg) => units(leg.oi, 'open interest'),
};

const ltp: Column = {
  id: 'ltp',
  label: 'LTP',
  name: 'last price',
  about: 'Last traded price in rupees',
  text: (leg) => price(leg.ltpPaise),
  full: (leg) => (leg.ltpPaise >= 0 ? `₹ ${price(leg.ltpPaise)} last traded` : ''),
};

const change: Column = {
  id: 'change',
  label: 'Chg',
  name: 'change',
  about: 'LTP against the previous close, in percent',
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
  text: (leg) => signed(leg.oiChange, short(leg.oiChange)),
  full: (leg) => signed(leg.oiChange, units(leg.oiChange, 'since the previous day')),
};

const volume: Column = {
  id: 'volume',
  label: 'Volume',
  name: 'volume',
  about: 'Units traded today',
  text: (leg) => short(leg.volume),
  full: (leg) => units(leg.volume, 'traded today'),
};

const brokerIv: Column = {
  id: 'iv',
  label: 'IV',
  name: 'implied volatility',
  about: 'Implied volatility in percent, as the broker computed it',
  text: (leg) => grouped(leg.brokerIv, 1),
  full: (leg) =>
    Number.isFinite(leg.brokerIv)
      ? `IV ${grouped(leg.brokerIv, 2)} %, delta ${grouped(leg.brokerDelta, 3)} (broker’s)`
      : '',
};

const bidQty: Column = {
  id: 'bid-qty',
  label: 'Qty',
  name: 'bid quantity',
  about: 'Units wanted at the best bid',
  text: (leg) => short(leg.bidQty),
  full: (leg) => units(leg.bidQty, 'wanted at the best bid'),
};

const bid: Column = {
  id: 'bid',
  label: 'Bid',
  name: 'bid',
  about: 'Best bid in rupees; 0.00 when nobody buys',
  text: (leg) => price(leg.bidPaise),
  full: spread,
};

const ask: Column = {
  id: 'ask',
  label: 'Ask',
  name: 'ask',
  about: 'Best ask in rupees; 0.00 when nobody sells',
  text: (leg) => price(leg.askPaise),
  full: spread,
};

const askQty: Column = {
  id: 'ask-qty',
  label: 'Qty',
  name: 'ask quantity',
  about: 'Units offered at the best ask',
  text: (leg) => short(leg.askQty),
  full: (leg) => units(leg.askQty, 'offered at the best ask'),
};

/** From the strike outwards: what is read most stands nearest. */
const inner = [oi, ltp, change, oiChange, volume, brokerIv];
/** The book keeps its order, bid before ask, on either side. */
const book = [bidQty, bid, ask, askQty];

/** Columns of the calls, left to right. */
export const callColumns: readonly Column[] = [...book, ...inner.toReversed()];
/** Columns of the puts, left to right. */
export const putColumns: readonly Column[] = [...inner, ...book];

function units(value: number, what: string): string {
  return Number.isFinite(value) ? `${grouped(value)} ${what}` : '';
}

function spread(leg: LegFigures): string {
  if (!(leg.bidPaise > 0 && leg.askPaise > 0)) return '';
  const gap = leg.askPaise - leg.bidPaise;
  const share = leg.ltpPaise > 0 ? grouped((gap / leg.ltpPaise) * 100, 2) : noData;
  return `Spread ${price(gap)} (${share} % of the LTP)`;
}
