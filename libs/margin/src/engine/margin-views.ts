import {
  indiaIsoOf,
  rupeesOf,
  type BasketMargin,
  type ContractKey,
  type MarginEstimateView,
  type MarginPortfolio,
} from '@strikewire/contracts';
import type { MarginEstimate, UnderlyingMargin } from '../core/margin-estimate';
import type { MarginPosition } from '../core/margin-position';
import type { Reconciliation } from '../core/reconcile';
import type { CachedFigures } from './margin-cache';
import type { MarginAnswer } from './margin-desk';

/** Spot price of `NSE:NIFTY` in paise; undefined: not known. */
export type SpotOf = (underlying: ContractKey) => number | undefined;

/** An estimate as REST shows it: rupees. */
export function marginEstimateView(estimate: MarginEstimate, spotOf: SpotOf): MarginEstimateView {
  return {
    method: estimate.method,
    at: indiaIsoOf(estimate.asOfMs),
    revision: estimate.revision,
    shape: estimate.shape,
    margin: rupeesOf(estimate.marginPaise),
    total: rupeesOf(estimate.totalPaise),
    byUnderlying: estimate.byUnderlying.map((one) => underlyingView(one, spotOf(one.underlying))),
    warnings: [...estimate.warnings],
  };
}

function underlyingView(
  one: UnderlyingMargin,
  spotPaise: number | undefined,
): MarginEstimateView['byUnderlying'][number] {
  const { netGreeks } = one;
  const notional = netGreeks && spotPaise !== undefined ? netGreeks.delta * spotPaise : null;
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
    greeks: netGreeks && {
      delta: netGreeks.delta,
      gamma: netGreeks.gamma,
      theta: rupeesOf(netGreeks.thetaPaisePerDay),
      vega: rupeesOf(netGreeks.vegaPaise),
    },
    exposureNotional: notional === null ? null : rupeesOf(Math.round(notional)),
  };
}

/** A broker's figure as REST shows it, with how the estimate of then compares. */
export function brokerMarginView(
  { figures, atMs }: CachedFigures,
  comparison: Reconciliation,
  nowMs: number,
): NonNullable<MarginPortfolio['broker']> {
  const told = (paise: number | null): number | null => (paise === null ? null : rupeesOf(paise));
  return {
    required: rupeesOf(figures.requiredPaise),
    span: told(figures.spanPaise),
    exposure: told(figures.exposurePaise),
    premium: told(figures.premiumPaise),
    benefit: told(figures.benefitPaise),
    at: indiaIsoOf(atMs),
    ageMs: Math.max(0, nowMs - atMs),
    ratio: comparison.ratio,
    band: comparison.band,
    outside: comparison.isOutside,
    components: comparison.byComponent.map((one) => ({
      component: one.component,
      estimate: rupeesOf(one.estimatePaise),
      broker: rupeesOf(one.brokerPaise),
      difference: rupeesOf(one.differencePaise),
    })),
  };
}

/** What a basket would need, as REST shows it; `legs`: those of the basket in their own order. */
export function basketMarginView(
  answer: MarginAnswer,
  legs: readonly MarginPosition[],
  spotOf: SpotOf,
): BasketMargin {
  const { before, after, alone, legOrder, pre, reason, availablePaise } = answer;
  const view = (estimate: MarginEstimate | null): MarginEstimateView | null =>
    estimate && marginEstimateView(estimate, spotOf);
  const path = legOrder?.legs.map((line, index) => ({
    leg: legs.indexOf(line),
    margin: rupeesOf(legOrder.pathPaise[index] ?? 0),
  }));
  return {
    before: before && before.byUnderlying.length > 0 ? view(before) : null,
    after: view(after),
    alone: view(alone),
    required: pre.requiredPaise === null ? null : rupeesOf(pre.requiredPaise),
    available: availablePaise === null ? null : rupeesOf(availablePaise),
    basis: reason === null ? pre.reason : `${pre.reason} (${reason})`,
    // Others may stand between them: what is under way beside the basket.
    legOrder: (path ?? []).filter(({ leg }) => leg >= 0),
    peak: legOrder ? rupeesOf(legOrder.peakPaise) : null,
  };
}
