import type { OrderChange, OrderRequest } from '@strikewire/broker';
import type { ProtectionSettings } from './price-protection';

/** How the paper market behaves. */
export interface PaperMarketSettings {
  /** From sending to being able to trade, as data. */
  latencyMs: number;
  protection: ProtectionSettings;
  /** A book older than this says nothing: nothing is taken from it. */
  bookAgeMaxMs: number;
}

/**
 * Where a paper order is. `travelling`: not there yet. `stopped`: waits for its trigger.
 * `triggered`: met, but nobody was there to price it by. `repriced`: comes to the book anew, with
 * another price. `resting`: in the book.
 */
export type PaperStage =
  | 'travelling' | 'stopped' | 'triggered' | 'repriced' | 'resting'
  | 'filled' | 'cancelled' | 'rejected';

/** What an order has taken of one book, by price. */
export interface TakenQuantity {
  pricePaise: number;
  quantity: number;
}

/** An order in the paper market. Plain data: stored and restored, it goes on where it was. */
export interface PaperOrder {
  request: OrderRequest;
  tickPaise: number;
  lowerCircuitPaise: number | null;
  upperCircuitPaise: number | null;
  stage: PaperStage;
  /** When it reaches the exchange. */
  arrivesMs: number;
  filledQuantity: number;
  /** The limit that it trades at; null: it has none yet. */
  workingPaise: number | null;
  /** The book that it took from last, and what: that is not there a second time. */
  takenVersion: number | null;
  taken: readonly TakenQuantity[];
  reason: string | null;
}

/** What the contract of an order adds to it. */
export interface PaperContract {
  tickPaise: number;
  lowerCircuitPaise: number | null;
  upperCircuitPaise: number | null;
}

/** An order that was just sent. */
export function paperOrder(
  request: OrderRequest,
  contract: PaperContract,
  sentMs: number,
  { latencyMs }: PaperMarketSettings,
): PaperOrder {
  const { tickPaise, lowerCircuitPaise, upperCircuitPaise } = contract;
  return {
    request,
    tickPaise,
    lowerCircuitPaise,
    upperCircuitPaise,
    stage: 'travelling',
    arrivesMs: sentMs + latencyMs,
    filledQuantity: 0,
    workingPaise: null,
    takenVersion: null,
    taken: [],
    reason: null,
  };
}

/** Nothing more happens to it. */
export function hasPaperEnded({ stage }: Pick<PaperOrder, 'stage'>): boolean {
  return stage === 'filled' || stage === 'cancelled' || stage === 'rejected';
}

/**
 * The order with other values, as they take effect at the exchange; null: as it is. At another
 * price it comes to the book anew, so that it may take from it.
 */
export function changePaperOrder(
  order: PaperOrder,
  change: OrderChange,
): PaperOrder | { refused: string } {
  const quantity = change.quantity ?? order.request.quantity;
  if (hasPaperEnded(order)) return { refused: `the order is ${order.stage}` };
  if (quantity < order.filledQuantity || !(quantity > 0)) {
    return { refused: `quantity was ${quantity}, ${order.filledQuantity} are filled already` };
  }
  const limitPaise = change.limitPaise ?? order.request.limitPaise;
  const triggerPaise = change.triggerPaise ?? order.request.triggerPaise;
  const request = { ...order.request, quantity, limitPaise, triggerPaise };
  if (quantity === order.filledQuantity) return { ...order, request, stage: 'filled' };
  const isInBook = order.stage === 'resting' || order.stage === 'repriced';
  const isRepriced = change.limitPaise !== null && isInBook;
  if (!isRepriced) return { ...order, request };
  return { ...order, request, workingPaise: limitPaise, stage: 'repriced' };
}
