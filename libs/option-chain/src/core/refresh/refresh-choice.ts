import { classBoundMs, dueMono } from './refresh-age';
import {
  isAskedFor,
  type BuildShare,
  type RefreshNow,
  type RefreshState,
  type RefreshWork,
} from './refresh-state';

/** What may be sent next, or when there will be something. */
export interface RefreshChoice {
  work: RefreshWork | undefined;
  /** When something else becomes due; Infinity: only an event brings more. */
  nextMono: number;
}

type Rank = 'admin' | 'age' | 'build' | 'gap';

/** Who goes first at each turn: neither what grows old nor what is not there yet starves. */
const usualTurns: readonly (readonly Rank[])[] = [
  ['age', 'build', 'gap'],
  ['build', 'age', 'gap'],
  ['age', 'gap', 'build'],
];

/** The same while a person waits: half the turns are theirs, and all that nobody else needs. */
const adminTurns: readonly (readonly Rank[])[] = [
  ['admin'],
  ['age', 'admin'],
  ['admin'],
  ['age', 'build', 'admin'],
];

/**
 * The next request, in turns: what a person asked for, in the order of asking; the chain that is
 * oldest by its class's measure; the build in the universe's order; gaps. `stretch`:
 * how much longer than its bound says a chain may become; `builds`: what whoever is to be asked
 * is asked for.
 */
export function chooseWork(
  state: RefreshState,
  now: RefreshNow,
  { stretch, builds }: { stretch: number; builds: BuildShare },
): RefreshChoice {
  const keyIntervalMs = Math.min(...state.accounts.map((one) => one.keyIntervalMs));
  const ageInBounds = ({ sentMono, class: one }: RefreshWork): number =>
    (now.mono - sentMono) / classBoundMs(state, one);
  const first: Partial<Record<Rank, RefreshWork>> = {};
  let nextMono = Infinity;
  for (const work of state.works.values()) {
    const isBuild = work.wanted === 'build';
    if (work.inFlight !== null || !isAskedFor({ builds }, isBuild)) continue;
    const isAgeing = work.isAged && now.open.has(work.exchange);
    if (work.wanted === null && !isAgeing) continue;
    const agedMono = isAgeing ? dueMono(state, work, stretch) : Infinity;
    const wantedMono = work.wanted === null ? agedMono : -Infinity;
    const readyMono = Math.max(wantedMono, work.notBeforeMono, work.triedMono + keyIntervalMs);
    if (readyMono > now.mono) {
      nextMono = Math.min(nextMono, readyMono);
      continue;
    }
    // What is wanted and old may go in either turn.
    const ranks: (Rank | null)[] = [agedMono <= now.mono ? 'age' : null, work.wanted];
    for (const rank of ranks) {
      const best = rank && first[rank];
      if (rank && (!best || goesBefore(work, best, rank, ageInBounds))) first[rank] = work;
    }
  }
  const turns = first.admin ? adminTurns : usualTurns;
  const turn = turns[state.turns % turns.length] ?? [];
  const work = turn.map((rank) => first[rank]).find((one) => one !== undefined);
  return { work, nextMono };
}

/** By asking, by age in bounds, or by order. */
function goesBefore(
  a: RefreshWork,
  b: RefreshWork,
  rank: Rank,
  measure: (work: RefreshWork) => number,
): boolean {
  if (rank === 'admin' && a.wantedMono !== b.wantedMono) return a.wantedMono < b.wantedMono;
  if (rank !== 'age') return a.order < b.order;
  const [ageA, ageB] = [measure(a), measure(b)];
  return ageA === ageB ? a.order < b.order : ageA > ageB;
}
