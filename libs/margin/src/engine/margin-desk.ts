import type { MarginFigures } from '@strikewire/broker';
import type { LegOrder } from '../core/leg-order';
import type { MarginEstimate } from '../core/margin-estimate';
import type { MarginPosition } from '../core/margin-position';
import type { PreTradeMargin } from '../core/pre-trade-margin';

/** What changed so that a margin may be asked for; nothing else may be a reason, a tick least. */
export type MarginEvent = 'order' | 'fill' | 'position' | 'deploy' | 'change' | 'person';

/** A position set of somebody's account. */
export interface MarginQuestion {
  /** As of an order venue. */
  account: string;
  held: readonly MarginPosition[];
  /** What is to be added; empty: how things stand. */
  intended: readonly MarginPosition[];
  /** Paise that are not free any more though funds asked for then (epoch ms) do not know it. */
  claimedSince?(fundsMs: number): number;
}

/** What is known of it. Paise. */
export interface MarginAnswer {
  before: MarginEstimate | null;
  after: MarginEstimate | null;
  alone: MarginEstimate | null;
  /** Why there is no estimate. */
  reason: string | null;
  broker: { figures: MarginFigures; atMs: number } | null;
  brokerReason: string | null;
  /** Of funds that are free, less what is claimed since; null: not known. */
  availablePaise: number | null;
  legOrder: LegOrder<MarginPosition> | null;
  /** Free funds included, where they are known: short of them it is not allowed. */
  pre: PreTradeMargin;
}

/**
 * Margin of accounts: estimated here whenever it is asked, asked of a broker on events only and
 * kept until the set is another.
 */
export interface MarginDesk {
  /** The local estimate with what the cache has of the broker's; causes no request. */
  look(question: MarginQuestion): MarginAnswer;
  /**
   * Before an order: a cached figure of the set that it would make costs nothing; else the broker
   * is asked once, within its limits and a deadline. Never rejects.
   */
  assess(question: MarginQuestion, event: MarginEvent): Promise<MarginAnswer>;
  /** Something became of the account's positions: asked anew once if the set is another. */
  changed(account: string, held: readonly MarginPosition[], event: MarginEvent): void;
  /**
   * An order of the account was accepted, modified or has ended: its funds are others, though what
   * is held is the same. Asks nothing itself: the next event does.
   */
  moved(account: string): void;
}
