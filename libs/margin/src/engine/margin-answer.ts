import type { MarginEstimate } from '../core/margin-estimate';
import { lowestPeakOrder, legOrderLimits, type LegOrder } from '../core/leg-order';
import { underlyingOf, type MarginPosition } from '../core/margin-position';
import { preTradeMargin, type PreTradeMargin } from '../core/pre-trade-margin';
import { isRiskReducing } from '../core/risk-reducing';
import type { MarginQuestion } from './margin-desk';
import type { EstimateOutcome, MarginMoment } from './margin-estimator';

/** Local estimates of one question, all of one moment. */
export interface EstimatedQuestion {
  before: EstimateOutcome;
  after: EstimateOutcome;
  /** Null: nothing is to be added. */
  alone: EstimateOutcome | null;
  legOrder: LegOrder<MarginPosition> | null;
}

/** Estimates everything that a question is answered with. */
export function estimateQuestion(
  { held, intended }: Pick<MarginQuestion, 'held' | 'intended'>,
  moment: MarginMoment,
): EstimatedQuestion {
  const before = moment.estimate(held);
  if (intended.length === 0) return { before, after: before, alone: null, legOrder: null };
  const after = moment.estimate([...held, ...intended]);
  const now = before.estimate;
  const legOrder = now && after.estimate ? orderOf(held, intended, { moment, now }) : null;
  return { before, after, alone: moment.estimate(intended), legOrder };
}

/** Underlyings do not offset each other: those that no leg touches keep their margin. */
function orderOf(
  held: readonly MarginPosition[],
  intended: readonly MarginPosition[],
  { moment, now }: { moment: MarginMoment; now: MarginEstimate },
): LegOrder<MarginPosition> | null {
  if (intended.length > legOrderLimits.legsMax) return null;
  const touched = new Set(intended.map(underlyingOf));
  const beside = held.filter((one) => touched.has(underlyingOf(one)));
  const restPaise = now.byUnderlying
    .filter((one) => !touched.has(one.underlying))
    .reduce((sum, one) => sum + one.marginPaise, 0);
  const marginOf = (done: readonly MarginPosition[]): number => {
    const { estimate } = moment.estimate([...beside, ...done]);
    return estimate ? estimate.marginPaise + restPaise : NaN;
  };
  // Some of the legs may have what all of them together have not: no estimate, no order.
  let isKnown = true;
  const checked = (done: readonly MarginPosition[]): number => {
    const paise = marginOf(done);
    if (Number.isNaN(paise)) isKnown = false;
    return Number.isNaN(paise) ? Number.MAX_SAFE_INTEGER : paise;
  };
  const order = lowestPeakOrder(intended, checked);
  return isKnown ? order : null;
}

/** What is known of a question besides its estimates; paise. */
export interface KnownOfBroker {
  /** The broker's of what is held, and of what it would become; null: not known together. */
  pair: readonly [before: number, after: number] | null;
  availablePaise: number | null;
  bufferShare: number;
}

/**
 * Whether the question's order may go on. Compared with free funds is what has to be ADDED: of
 * `available` the margin of what is held is taken off already. So each figure is the set after
 * less the set before, by the same maker: an estimate less a broker's figure would count their
 * difference as margin. Of a basket the most that any of its steps needs counts. Where free funds
 * are not known the figures alone decide: the broker, or the paper market, has the last word.
 */
export function judge(
  question: MarginQuestion,
  { before, after, legOrder }: EstimatedQuestion,
  broker: KnownOfBroker,
): PreTradeMargin {
  const { held, intended } = question;
  const estimates = { before: before.estimate, after: after.estimate };
  const isExit = isRiskReducing({ held, intended, ...estimates });
  const known = {
    estimate: estimateIncrease(estimates, legOrder),
    broker: broker.pair && Math.max(0, broker.pair[1] - broker.pair[0]),
    bufferShare: broker.bufferShare,
  };
  const found = preTradeMargin(known, { isRiskReducing: isExit });
  const { availablePaise } = broker;
  const { requiredPaise } = found;
  if (requiredPaise === null || availablePaise === null) return found;
  // Neither an exit nor what needs nothing is held up by an account that is overdrawn.
  if (requiredPaise <= availablePaise || isExit || requiredPaise === 0) return found;
  const [needed, free] = [requiredPaise, availablePaise].map((paise) => (paise / 100).toFixed(2));
  const reason = `needs ₹${needed}, ₹${free} is free: ${found.reason}`;
  return { ...found, isAllowed: false, reason };
}

function estimateIncrease(
  { before, after }: { before: MarginEstimate | null; after: MarginEstimate | null },
  legOrder: LegOrder<MarginPosition> | null,
): number | null {
  if (!before || !after) return null;
  const atEnd = after.totalPaise - before.totalPaise;
  const onTheWay = legOrder ? legOrder.peakPaise - before.marginPaise : 0;
  return Math.max(0, atEnd, onTheWay);
}
