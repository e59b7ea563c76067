import type { AccountFunds, OrderRequest } from '@strikewire/broker';
import type { ContractKey } from '@strikewire/contracts';
import { averagesOf, chargesOf } from '@strikewire/orders';
import { StrikewireError } from '@strikewire/runtime';
import type { PaperAccount } from './paper-account';
import type { PaperFacts } from './paper-facts';
import type { PaperHolding, PaperMarketDeps, PaperReading, PaperSettings } from './paper-ports';
import { restOf } from './paper-record';

/** What an order would add to an account. */
interface Intent {
  facts: PaperFacts;
  request: OrderRequest;
  /** Units that may still be traded. */
  quantity: number;
}

/** Why an order is not taken. */
export interface Refusal {
  code: string;
  reason: string;
}

/** What funds are counted from. */
export interface PaperFundsDeps
  extends Pick<PaperMarketDeps, 'contracts' | 'blockedFor' | 'clock'> {
  account: PaperAccount;
  /** The account's name for margin: `paper:` and the user's id. */
  name: string;
  settings: PaperSettings;
}

/**
 * Money of one account: cash, less what is blocked for what is held and for orders under way. An
 * order is counted as if it were filled at its price, alone and together with the others, but for
 * the premium that it would bring.
 */
export class PaperFunds {
  private readonly deps: PaperFundsDeps;
  private blockedPaise = 0;

  constructor(deps: PaperFundsDeps) {
    this.deps = deps;
  }

  /** With a margin that is not known at present, by the last one that was. */
  now(): AccountFunds {
    const pending = this.pending(null);
    const free = Math.min(this.freeAfter([]) ?? NaN, this.freeAfter(pending) ?? NaN);
    const { cashPaise } = this.deps.account;
    const availablePaise = Number.isNaN(free) ? cashPaise - this.blockedPaise : free;
    if (!Number.isNaN(free)) this.blockedPaise = cashPaise - free;
    return { availablePaise, usedPaise: cashPaise - availablePaise };
  }

  /** Null: it is paid for. `orderId`: of the order that it replaces. */
  refuse(facts: PaperFacts, request: OrderRequest, orderId: string | null): Refusal | null {
    const before = orderId === null ? 0 : this.filledOf(orderId);
    const intent: Intent = { facts, request, quantity: request.quantity - before };
    if (this.lowersRisk(intent, orderId)) return null;
    const pending = this.pending(orderId);
    const alone = this.freeAfter([intent]);
    const together = this.freeAfter([...pending, intent]);
    if (alone === null || together === null) {
      const reason = `the margin of ${facts.key} is not known at present: only what lowers a risk`
        + ' and options that are bought can be ordered';
      return { code: 'margin_unknown', reason };
    }
    const shortPaise = -Math.min(alone, together);
    if (shortPaise <= 0) return null;
    const freePaise = this.now().availablePaise;
    const needed = `${rupees(freePaise + shortPaise)} are needed, ${rupees(freePaise)} are free`;
    return { code: 'funds_short', reason: `${needed}: ${rupees(shortPaise)} short` };
  }

  /** It closes what is held, and no other order does already. */
  private lowersRisk({ facts, request, quantity }: Intent, orderId: string | null): boolean {
    const { account } = this.deps;
    const net = account.netOf(facts.key, request.product);
    const isClosing = request.side === 'BUY' ? net < 0 : net > 0;
    if (!isClosing) return false;
    const others = account.liveOn(facts.key)
      .filter((one) => one.orderId !== orderId)
      .filter(({ order }) => order.request.side === request.side)
      .filter(({ order }) => order.request.product === request.product)
      .reduce((sum, one) => sum + restOf(one), 0);
    return quantity + others <= Math.abs(net);
  }

  private filledOf(orderId: string): number {
    return this.deps.account.find(orderId)?.order.filledQuantity ?? 0;
  }

  private pending(exceptId: string | null): Intent[] {
    return this.deps.account.live
      .filter(({ orderId }) => orderId !== exceptId)
      .map((one) => ({ facts: one.facts, request: one.order.request, quantity: restOf(one) }));
  }

  /** Null: the margin is not known. */
  private freeAfter(intents: readonly Intent[]): number | null {
    const { account, name, blockedFor } = this.deps;
    const held = this.holdings(intents);
    const isLongOnly = held.every(({ facts, quantity }) => facts.kind !== 'FUT' && quantity >= 0);
    // Options that are bought block nothing beside their premium, whoever estimates.
    const blockedPaise = isLongOnly ? 0 : blockedFor(name, held);
    if (blockedPaise === null) return null;
    // What a sale would bring is there when it is traded: until then it pays for nothing.
    const costs = intents.reduce((sum, one) => sum + Math.max(0, this.costOf(one)), 0);
    return account.cashPaise - costs - blockedPaise;
  }

  /** One line a contract, both products together. */
  private holdings(intents: readonly Intent[]): PaperHolding[] {
    const net = new Map<ContractKey, { facts: PaperFacts; quantity: number; near: number }>();
    const add = (facts: PaperFacts, quantity: number, near: number): void => {
      const before = net.get(facts.key)?.quantity ?? 0;
      net.set(facts.key, { facts, quantity: before + quantity, near });
    };
    for (const { facts, position } of this.deps.account.positions) {
      const average = averagesOf(position).openPaise ?? facts.tickPaise;
      if (position.netQuantity !== 0) add(facts, position.netQuantity, Math.round(average));
    }
    for (const { facts, request, quantity } of intents) {
      const near = this.priceOf(facts.key, request) || facts.tickPaise;
      add(facts, request.side === 'BUY' ? quantity : -quantity, near);
    }
    return [...net.values()].filter(({ quantity }) => quantity !== 0)
      .map(({ facts, quantity, near }) => {
        const reading = this.deps.contracts.read(facts.key);
        const pricePaise = reading?.ltpPaise ?? near;
        return { facts, quantity, pricePaise, iv: reading?.iv ?? null };
      });
  }

  /** Premium that is paid (below zero: received) and charges, paise. */
  private costOf({ facts, request, quantity }: Intent): number {
    const { exchange, underlying: symbol, kind, key } = facts;
    const valuePaise = quantity * this.priceOf(key, request);
    if (!(valuePaise > 0)) return 0;
    const { side } = request;
    const event = kind === 'FUT' ? 'future' : 'option';
    const tradedMs = this.deps.clock.wallMs();
    const premium = kind === 'FUT' ? 0 : (side === 'BUY' ? 1 : -1) * valuePaise;
    const order = { exchange, symbol, event, side, valuePaise, tradedMs } as const;
    return premium + this.chargesFor(order);
  }

  /** On a day before the table of charges they are not known: the order is taken without. */
  private chargesFor(order: Parameters<typeof chargesOf>[0]): number {
    try {
      return chargesOf(order, this.deps.settings.brokerage).totalPaise;
    } catch (error) {
      if (error instanceof StrikewireError) return 0;
      throw error;
    }
  }

  /** What a unit would be traded at: never better for a sale than what is bid for it. */
  private priceOf(key: ContractKey, { side, limitPaise, triggerPaise }: OrderRequest): number {
    const reading = this.deps.contracts.read(key);
    const touch = touchOf(reading, side);
    const own = limitPaise ?? triggerPaise;
    if (own === null) return touch ?? reading?.ltpPaise ?? 0;
    if (side === 'BUY') return own;
    return Math.min(own, touch ?? reading?.ltpPaise ?? own);
  }
}

function touchOf(reading: PaperReading | undefined, side: OrderRequest['side']): number | null {
  const levels = side === 'BUY' ? reading?.asks : reading?.bids;
  return levels?.[0]?.pricePaise ?? null;
}

function rupees(paise: number): string {
  return `₹${(paise / 100).toFixed(2)}`;
}
