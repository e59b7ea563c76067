import { StrikewireError } from '@strikewire/runtime';
import type { Exchange } from '@strikewire/contracts';
import { mcxCommodities } from '../presets/commodities';
import { bseDerivatives, nseDerivatives } from '../presets/derivatives';
import { compileCalendar } from './compile';
import { dayNumberOf } from './local-time';
import { templateSchema, usualClass, type TradingHoursTemplate } from './template';

const presets = { NSE: nseDerivatives, BSE: bseDerivatives, MCX: mcxCommodities };

/** Of each day of a year: when the segment closes, or would if it were an ordinary day. */
interface YearCloses {
  firstDay: number;
  closes: Float64Array;
}

/** Years that are kept for each exchange; then they are worked out anew. */
const keptMax = 60;

class ClosesByDate {
  private readonly exchange: Exchange;
  private readonly kept = new Map<string, YearCloses>();
  private layers: { template: TradingHoursTemplate; ordinary: TradingHoursTemplate } | undefined;

  constructor(exchange: Exchange) {
    this.exchange = exchange;
  }

  on(date: string): number {
    const { closes, firstDay } = this.yearOf(date);
    const day = dayNumberOf(date);
    const closeMs = closes[(day ?? NaN) - firstDay];
    if (closeMs !== undefined && closeMs > 0) return closeMs;
    throw new StrikewireError({
      kind: 'invalid',
      code: 'date_invalid',
      message: `date was ${date}, needs one from 2000 on, YYYY-MM-DD`,
    });
  }

  private yearOf(date: string): YearCloses {
    const year = date.slice(0, 4);
    const held = this.kept.get(year);
    if (held) return held;
    const { template, ordinary: usual } = (this.layers ??= layersOf(this.exchange));
    const firstDay = dayNumberOf(`${year}-01-01`) ?? NaN;
    const ordinary = closesIn(usual, year, firstDay);
    const closes = closesIn(template, year, firstDay).map((closeMs, index) => {
      return closeMs || (ordinary[index] ?? 0);
    });
    if (this.kept.size >= keptMax) this.kept.clear();
    this.kept.set(year, { firstDay, closes });
    return { firstDay, closes };
  }
}

const closesOf: Record<Exchange, ClosesByDate> = {
  NSE: new ClosesByDate('NSE'),
  BSE: new ClosesByDate('BSE'),
  MCX: new ClosesByDate('MCX'),
};

/** Ordinary: the weekday's hours since 2000, at weekends those of Friday; no dates. */
function layersOf(exchange: Exchange): Record<'template' | 'ordinary', TradingHoursTemplate> {
  const whole = templateSchema.parse(presets[exchange]);
  const template = { ...whole, tradable: { [usualClass]: whole.tradable[usualClass] ?? [] } };
  const weeks = template.weeks.map(({ from, days: { fri = [], ...days } }, index) => ({
    from: index === 0 ? '2000-01-01' : from,
    days: { ...days, fri, sat: fri, sun: fri },
  }));
  return { template, ordinary: { ...template, weeks, dates: [], overrides: [] } };
}

/** Last close of each day; 0 when there is none. */
function closesIn(template: TradingHoursTemplate, year: string, firstDay: number): Float64Array {
  const instants = new Float64Array(366);
  if (Number.isNaN(firstDay)) return instants;
  const range = { from: `${year}-01-01`, to: `${year}-12-31` };
  const { classes } = compileCalendar({ template, ...range, isKnown: () => true });
  const table = classes.get(usualClass);
  table?.days.forEach((day, index) => (instants[day - firstDay] = table.closes[index] ?? 0));
  return instants;
}

/**
 * Epoch ms at which the exchange's derivatives close on a date (`YYYY-MM-DD`), by the hours that
 * come along. On a date without trading: when they would close if it were an ordinary one.
 */
export function segmentCloseMs(exchange: Exchange, date: string): number {
  return closesOf[exchange].on(date);
}
