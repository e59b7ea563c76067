import type { DateEntry } from '../core/template';
import { equitySources, mcxSources } from './holiday';
import { holidays } from './holidays';
import { holidaysBefore2024 } from './holidays-before-2024';

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
