import {
  usualClass,
  type PhaseWindow,
  type TradingHoursTemplate,
  type Weekday,
} from '@strikewire/trading-hours';
import { phaseLabel } from '../../format/market-phase';
import type { FieldNeeds } from '../../ui/problem-words';
import { minutesOf } from './clock-time';
import { dayNames } from './day-names';
import { hoursBefore, needsUnder, weekOrder } from './template-edit';

/** Which window of a week is meant. */
export interface Spot {
  day: Weekday;
  place: number;
}

/** A week of a template: the one of an era. */
export interface WeekAt {
  template: TradingHoursTemplate;
  era: number;
}

/** For how many of the classes that have a window it counts as open. */
export type Openness = 'open' | 'partly' | 'shut';

/** A window as the grid draws it. */
export interface GridWindow extends Spot {
  window: PhaseWindow;
  /** Minutes after the midnight of its day; from 1,440 on they lie in the day after. */
  start: number;
  /** Of an end that follows a rule, the later one. */
  end: number;
  /** Of an end that follows a rule, the other one; undefined without a rule. */
  earlierEnd: number | undefined;
  /** The day goes on with the hours of an era before. */
  isInherited: boolean;
  openness: Openness;
  /** `tradable for futures`. */
  tradable: string;
  /** What is wrong with it; empty when nothing is. */
  need: string;
}

/** A day's windows as they count in an era: its own, else those it goes on with. */
export function windowsOn({ template, era }: WeekAt, day: Weekday): readonly PhaseWindow[] {
  return template.weeks[era]?.days[day] ?? hoursBefore(template, era, day)?.windows ?? [];
}

/** Everything of a week that can be drawn, and what cannot since its times are none yet. */
export function gridWindows(
  at: WeekAt,
  needs: FieldNeeds,
): { drawn: GridWindow[]; undrawn: Spot[] } {
  const drawn: GridWindow[] = [];
  const undrawn: Spot[] = [];
  for (const day of weekOrder) {
    for (const [place, window] of windowsOn(at, day).entries()) {
      const made = gridWindow(at, { day, place }, window);
      if (!made) undrawn.push({ day, place });
      else drawn.push({ ...made, need: needOf(needs, at.era, made) });
    }
  }
  return { drawn, undrawn };
}

function gridWindow(
  { template, era }: WeekAt,
  { day, place }: Spot,
  window: PhaseWindow,
): Omit<GridWindow, 'need'> | undefined {
  const start = minutesOf(window.start);
  const ends = endsOf(window).map(minutesOf);
  const end = Math.max(...ends);
  if (!(start < end)) return undefined;
  return {
    day,
    place,
    window,
    start,
    end,
    earlierEnd: ends.length > 1 ? Math.min(...ends) : undefined,
    isInherited: template.weeks[era]?.days[day] === undefined,
    ...tradableOf(template, window),
  };
}

function endsOf({ end }: PhaseWindow): string[] {
  return typeof end === 'string' ? [end] : [end.daylight, end.standard];
}

/** The first need of a window, whatever field it is of. */
function needOf(needs: FieldNeeds, era: number, { day, place }: Spot): string {
  return Object.values(needsUnder(needs, `weeks.${era}.days.${day}.${place}`))[0] ?? '';
}

function tradableOf(
  { tradable }: TradingHoursTemplate,
  { classes, phase }: PhaseWindow,
): Pick<GridWindow, 'openness' | 'tradable'> {
  const all = classes ?? Object.keys(tradable);
  const open = all.filter((name) => (tradable[name] ?? tradable[usualClass])?.includes(phase));
  const shut = all.filter((name) => !open.includes(name));
  if (open.length === 0) return { openness: 'shut', tradable: 'not tradable' };
  if (shut.length === 0) return { openness: 'open', tradable: 'tradable' };
  if (open.includes(usualClass)) {
    return { openness: 'open', tradable: `tradable but for ${shut.join(', ')}` };
  }
  return { openness: 'partly', tradable: `tradable for ${open.join(', ')}` };
}

/** `09:15 to 15:40`; of an end that follows a rule both. */
export function hoursWords(window: PhaseWindow): string {
  const { start, end } = window;
  if (typeof end === 'string') return `${start} to ${end}`;
  return `${start} to ${end.daylight} or ${end.standard} by New York's clock`;
}

/** A window as it is said: `Monday, continuous trading, 09:15 to 15:40, tradable`. */
export function windowWords(one: GridWindow): string {
  const { classes, phase } = one.window;
  const words = [dayNames[one.day], phaseLabel(phase), hoursWords(one.window), one.tradable];
  if (classes) words.push(`only for ${classes.join(', ')}`);
  if (one.isInherited) words.push('as before');
  if (one.need) words.push(one.need);
  return words.join(', ');
}

/** Phases that have a colour in common, and what it means. */
export type Hue = 'main' | 'opening' | 'closing' | 'apart' | 'pause';

export const hueOf: Readonly<Record<PhaseWindow['phase'], Hue>> = {
  continuous: 'main',
  pre_open: 'opening',
  pre_open_matching: 'opening',
  reference_price: 'closing',
  closing_auction: 'closing',
  closing_auction_matching: 'closing',
  block_deal: 'apart',
  post_close: 'apart',
  break: 'pause',
  halt: 'pause',
  order_cancel: 'pause',
};

export const hueWords: Readonly<Record<Hue, string>> = {
  main: 'Continuous trading',
  opening: 'Pre-open',
  closing: 'Reference price, closing auction',
  apart: 'Block deals, post-close',
  pause: 'Break, halt, cancelling of orders',
};
