import type { DateEntry } from '../core/template';
import { holidays } from './holidays';
import { holidaysBefore2024 } from './holidays-before-2024';

/** Where a date of NSE and BSE comes from, and how sure it is. */
const equitySources = {
  priced: 'published list; the index has no close on that day; confidence: high',
  listed: 'published list, not checked against prices; confidence: medium',
  fixed: 'closed every year by rule; confidence: high',
};

const mcxSources = {
  published: 'list of the exchange as brokers and the press printed it; confidence: high',
  disputed: 'one published list; another says closed all day; confidence: medium',
  fixed: 'closed every year by rule; confidence: high',
  rule: 'by rule, no list found: NSE is closed, MCX opens in the evening, and on New Year\'s Day '
    + 'the other way round; confidence: medium',
  recalled: 'by rule, no notice found; confidence: low to medium',
};

/** Date, name, source at NSE and BSE (null: they trade), what MCX does, its source, known at. */
export type Holiday = readonly [
  date: string,
  name: string,
  equity: keyof typeof equitySources | null,
  mcx: 'closed' | 'evening' | 'morning',
  mcxSource: keyof typeof mcxSources,
  knownAt?: string,
];

/** MCX's evening session begins at this time, and the morning ends. */
const evening = '17:00';
const all = [...holidaysBefore2024, ...holidays];

/** Days on which NSE and BSE are closed. */
export const equityClosures: readonly DateEntry[] = all.flatMap((holiday): DateEntry[] => {
  const [date, name, equity, , , knownAt] = holiday;
  if (equity === null) return [];
  return [{ kind: 'closed', date, name, source: equitySources[equity], ...known(knownAt) }];
});

/** Days on which MCX is closed, or open for a part of its weekday's hours. */
export const mcxClosures: readonly DateEntry[] = all.map((holiday): DateEntry => {
  const [date, title, , mcx, mcxSource, knownAt] = holiday;
  const source = mcxSources[mcxSource];
  const about = { date, source, ...known(knownAt) };
  if (mcx === 'closed') return { kind: 'closed', name: title, ...about };
  if (mcx === 'morning') {
    return { kind: 'partial', name: `${title}: evening closed`, closes: evening, ...about };
  }
  return { kind: 'partial', name: `${title}: morning closed`, opens: evening, ...about };
});

function known(knownAt: string | undefined): { knownAt?: string } {
  return knownAt === undefined ? {} : { knownAt };
}
