/** What an account's health is judged by. */
export interface HealthFacts {
  /** Sockets that are to be live, and those that are. */
  wanted: number;
  live: number;
  isFit: boolean;
  /** Whether ticks are to be expected, and how old the newest is, ms; null for none. */
  isMarketOpen: boolean;
  tickAgeMs: number | null;
  /** Losses of sockets in the last ten minutes. */
  losses: number;
  /** Requests without an answer since the last answer. */
  failures: number;
  /** Median time to an answer, ms; null before the first. */
  restMs: number | null;
  /** The fullest of its limits, as a share of it. */
  budgetUse: number;
}

/** What each thing may cost, of 100. */
const cost = { unfit: 60, dark: 40, silent: 20, loss: 4, failure: 4, slow: 10, full: 10 } as const;
const lossesMax = 5;
const failuresMax = 5;
/** A tick is late from here on, and as late as it counts from there on, ms. */
const tickLate = { fromMs: 1_000, toMs: 8_000 };
const restSlow = { fromMs: 500, toMs: 3_000 };
const budgetFull = { from: 0.8, to: 1 };

/**
 * 0 to 100: how much an account is to be relied on. Our own weights: what costs data weighs most,
 * then what has cost some lately, then what may soon.
 */
export function healthScore(facts: HealthFacts): number {
  const { wanted, live, isFit, isMarketOpen, tickAgeMs } = facts;
  const { losses, failures, restMs, budgetUse } = facts;
  const dark = wanted === 0 ? 0 : 1 - live / wanted;
  const isSilent = isMarketOpen && wanted > 0;
  const late = isSilent ? share(tickAgeMs ?? Infinity, tickLate.fromMs, tickLate.toMs) : 0;
  const lost =
    (isFit ? 0 : cost.unfit) +
    cost.dark * dark +
    cost.silent * late +
    cost.loss * Math.min(losses, lossesMax) +
    cost.failure * Math.min(failures, failuresMax) +
    cost.slow * share(restMs ?? 0, restSlow.fromMs, restSlow.toMs) +
    cost.full * share(budgetUse, budgetFull.from, budgetFull.to);
  return Math.max(0, Math.round(100 - lost));
}

/** How far a figure is between two bounds, 0 to 1. */
function share(value: number, from: number, to: number): number {
  return Math.min(1, Math.max(0, (value - from) / (to - from)));
}
