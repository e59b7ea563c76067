import { indiaIsoOf, rupeesOf, type BasketMargin, type MarginEstimateView }
  from '@strikewire/contracts';
import type { MarginEstimate, UnderlyingMargin } from '@strikewire/margin';
import type { MarginAnswer } from '@strikewire/margin/engine';
import type { PlannedLeg } from './order-plan';
import { rupees } from './order-views';

/** Margin of a basket, in rupees; legs by their number in the basket, as they would be sent. */
export function basketMarginView(
  answer: MarginAnswer,
  inOrder: readonly PlannedLeg[],
): BasketMargin {
  const { before, after, alone, pre, availablePaise, legOrder } = answer;
  const path = legOrder?.pathPaise ?? [];
  // Orders under way may be in the path as well: then its steps are not those of the legs.
  const isPath = path.length === inOrder.length;
  return {
    before: estimateView(before),
    after: estimateView(after),
    alone: estimateView(alone),
    required: rupees(pre.requiredPaise),
    available: rupees(availablePaise),
    basis: answer.reason ?? pre.reason,
    legOrder: isPath
      ? inOrder.map(({ leg }, index) => ({ leg, margin: rupeesOf(path[index] ?? 0) }))
      : [],
    peak: legOrder ? rupeesOf(legOrder.peakPaise) : null,
  };
}

function estimateView(estimate: MarginEstimate | null): MarginEstimateView | null {
  if (estimate === null) return null;
  const { method, revision, shape, warnings } = estimate;
  return {
    method, revision, shape,
    warnings: [...warnings],
    at: indiaIsoOf(estimate.asOfMs),
    margin: rupeesOf(estimate.marginPaise),
    total: rupeesOf(estimate.totalPaise),
    byUnderlying: estimate.byUnderlying.map(underlyingView),
  };
}

function underlyingView(one: UnderlyingMargin): MarginEstimateView['byUnderlying'][number] {
  const { netGreeks: greeks } = one;
  return {
    underlying: one.underlying,
    method: one.method,
    scan: rupeesOf(one.scanPaise),
    calendar: rupeesOf(one.calendarPaise),
    netOptionValue: rupeesOf(one.novPaise),
    span: rupeesOf(one.spanPaise),
    exposure: rupeesOf(one.exposurePaise),
    expiryDay: rupeesOf(one.expiryDayPaise),
    premium: rupeesOf(one.premiumPaise),
    margin: rupeesOf(one.marginPaise),
    total: rupeesOf(one.totalPaise),
    greeks: greeks && {
      delta: greeks.delta,
      gamma: greeks.gamma,
      theta: rupeesOf(greeks.thetaPaisePerDay),
      vega: rupeesOf(greeks.vegaPaise),
    },
    // The margin page has it, with the spot; here nobody knows that.
    exposureNotional: null,
  };
}
