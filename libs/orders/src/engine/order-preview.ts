import {
  rupeesOf,
  type Execution,
  type OrderPreview,
  type OrderTrial,
} from '@strikewire/contracts';
import type { OrderSide } from '@strikewire/broker';
import type { ContractReading } from '@strikewire/option-chain/engine';
import { StrikewireError } from '@strikewire/runtime';
import { touchOf } from '../core/book';
import { flatTwentyPlan } from '../core/charge-rule';
import { chargesOf, type ChargedOrder, type Charges } from '../core/charges';
import { analyseExecution } from '../core/execution-analysis';
import type { Asker } from './asker';
import { bookOf } from './feasibility';
import { marginProblems } from './margin-check';
import { basketMarginView } from './margin-view';
import type { OrderDesk } from './order-desk';
import type { LegProblem, PlannedLeg } from './order-plan';
import { rupees } from './order-views';

/** What orders would do; nothing is sent, and no broker is asked. */
export function previewOrders(desk: OrderDesk, asker: Asker, body: OrderTrial): OrderPreview {
  const venue = desk.venue(asker, body.account);
  const { floor } = desk;
  const legs = desk.plan(venue, body.legs);
  const problems: LegProblem[] = legs.flatMap((leg) => leg.problems);
  const killed = floor.gate.blockedBy({ passesKill: false });
  const closed = floor.venues.closedBecause(venue);
  if (killed !== null) problems.unshift({ leg: null, code: 'kill_switch', message: killed });
  if (closed !== null) problems.unshift({ leg: null, code: 'account_closed', message: closed });
  const answer = desk.margin.look(venue, legs);
  problems.push(...marginProblems(answer));
  const plan = floor.deps.brokerageOf?.(venue.account) ?? flatTwentyPlan;
  const nowMs = floor.deps.clock.wallMs();
  const charges = legs.map((leg) => chargesOfLeg(leg, plan, nowMs));
  const isKnown = charges.every((one) => one !== null);
  return {
    ok: problems.length === 0,
    problems,
    legs: legs.map((leg, index) => ({
      contract: leg.ticket.contract,
      price: rupees(leg.limitPaise),
      slices: leg.slices,
      execution: leg.facts ? executionOf(leg.ticket, leg.reading) : null,
      charges: chargesView(charges[index] ?? null),
    })),
    margin: basketMarginView(answer, desk.margin.inOrder(legs, answer)),
    charges: isKnown
      ? rupeesOf(charges.reduce((sum, one) => sum + (one?.totalPaise ?? 0), 0))
      : null,
  };
}

/** What it costs to trade a quantity now; `not_found` for what nobody serves. */
export function execution(
  desk: OrderDesk,
  wanted: { contract: string; side: OrderSide; quantity: number },
): Execution {
  const { contracts } = desk.floor.deps;
  if (contracts.find(wanted.contract)) {
    return executionOf(wanted, contracts.read(wanted.contract));
  }
  const message = `nobody serves ${wanted.contract.slice(0, 80)}`;
  throw new StrikewireError({ kind: 'not_found', code: 'contract_unknown', message });
}

function executionOf(
  wanted: { contract: string; side: OrderSide; quantity: number },
  reading: ContractReading | undefined,
): Execution {
  const { contract, side, quantity } = wanted;
  const book = reading ? bookOf(reading) : { bids: [], asks: [], atMs: 0 };
  const found = analyseExecution(book, side, quantity);
  const touch = touchOf(book);
  const { walk } = found;
  const isWhole = walk.filledQuantity > 0 && walk.restQuantity === 0;
  const levels = side === 'BUY' ? book.asks : book.bids;
  const available = levels.reduce((sum, level) => sum + level.quantity, 0);
  const midCost = walk.midSlippagePaise;
  return {
    contract, side, quantity, available,
    bid: rupees(touch.bidPaise),
    ask: rupees(touch.askPaise),
    spread: rupees(found.spreadPaise),
    spreadPercent: found.spreadPercent,
    liquidityScore: found.spreadPaise === null ? null : found.liquidityScore,
    advice: found.advice,
    price: rupees(found.pricePaise),
    averagePrice: isWhole ? rupees(walk.averagePaise) : null,
    slippage: isWhole ? rupees(walk.slippagePaise) : null,
    impact: isWhole && midCost !== null ? rupeesOf(midCost * quantity) : null,
    reason: reasonOf(reading, found.spreadPaise, { available, quantity, isWhole }),
    stale: reading?.isStale ?? true,
  };
}

function reasonOf(
  reading: ContractReading | undefined,
  spreadPaise: number | null,
  { available, quantity, isWhole }: { available: number; quantity: number; isWhole: boolean },
): string | null {
  if (!reading) return 'nobody quotes it';
  if (spreadPaise === null) return 'the book needs a bid and an ask that are not crossed';
  return isWhole ? null : `the book shows ${available} of ${quantity} units`;
}

/** As if each piece were filled at its limit, or at the price that it counts at; null: at none. */
function chargesOfLeg(
  { facts, ticket, slices, limitPaise, reading, problems }: PlannedLeg,
  plan: Parameters<typeof chargesOf>[1],
  tradedMs: number,
): Charges | null {
  const paise = limitPaise ?? reading?.ltpPaise ?? null;
  const isOdd = problems.some(({ code }) => code.startsWith('quantity') || code.startsWith('pric'));
  if (!facts || paise === null || isOdd) return null;
  const { exchange, underlying: symbol, kind } = facts;
  const event: ChargedOrder['event'] = kind === 'FUT' ? 'future' : 'option';
  const { side } = ticket;
  const all = slices.map((quantity) =>
    chargesOf({ exchange, symbol, event, side, valuePaise: quantity * paise, tradedMs }, plan));
  const names = Object.keys(all[0] ?? {}) as (keyof Charges)[];
  const sums = names.map((name) => [name, all.reduce((sum, one) => sum + one[name], 0)]);
  return Object.fromEntries(sums) as Charges;
}

function chargesView(charges: Charges | null): OrderPreview['legs'][number]['charges'] {
  return charges && {
    brokerage: rupeesOf(charges.brokeragePaise),
    stt: rupeesOf(charges.sttPaise),
    exchange: rupeesOf(charges.exchangePaise),
    ipft: rupeesOf(charges.ipftPaise),
    sebi: rupeesOf(charges.sebiPaise),
    stamp: rupeesOf(charges.stampPaise),
    gst: rupeesOf(charges.gstPaise),
    total: rupeesOf(charges.totalPaise),
  };
}
