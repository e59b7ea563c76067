import type { DataAccount } from '@strikewire/broker/engine';
import type { Exchange } from '@strikewire/contracts';
import type { MarginPosition } from '@strikewire/margin';
import type { MarginAccount } from '@strikewire/margin/engine';
import { openMargin, type MarginServices } from '@strikewire/margin/module';
import {
  createOrderedChannels,
  type OptionChainEngine,
  type OrderedChannels,
} from '@strikewire/option-chain/engine';
import { createSettlementPrices, openOrders, PaperSettlements, type OpenedOrderService }
  from '@strikewire/orders/module';
import type { Notifier } from '@strikewire/platform/notifications';
import { nodeOpenSocket } from '@strikewire/runtime/node';
import { LiveVenues } from './live-venues';
import { openPaper, paperFundsOf, paperPrefix } from './open-paper';
import type { TradingDeps } from './trading-deps';
import { underlyingFigures } from './underlying-figures';

/** Orders and margin, as they are served. */
export interface Trading {
  orders: OpenedOrderService;
  margin: MarginServices;
  /** Where people hear what becomes of their orders, and alerts. */
  ordered: OrderedChannels;
}

/**
 * Opens the paper market, margin and orders, in this order, over what the last run has left. None
 * of them needs a chain to be built: what was under way is looked up at once.
 */
export async function openTrading(deps: TradingDeps): Promise<Trading> {
  const { clock, log, storage, security, notifier, desk, engine, stops } = deps;
  const { database } = storage;
  const { activity, directory } = security.access;
  const { contracts } = engine;
  const ordered = createOrderedChannels(clock, () => engine.hub.takeId());
  const notify: Notifier['raise'] = (news) => notifier.raise(news);
  // Each of the three asks another one, which is opened after it.
  const late: Partial<Trading> = {};
  const prices = await createSettlementPrices(database, activity);
  const blockedFor = (held: readonly MarginPosition[]): number | null =>
    late.margin?.estimator.blockedFor(held) ?? null;
  const paper = openPaper(deps, blockedFor, prices);
  stops.push(() => paper.stop());
  await paper.start();
  const margin = await openMargin({
    clock, log, database, activity, contracts,
    ...(storage.redis && { state: storage.state }),
    accountOf: (account) => marginAccountOf(account, deps),
    fundsOf: (account) => paperFundsOf(account, paper),
    heldOf: (account) => late.orders?.heldOf(account) ?? [],
    mayTrade: (...who) => late.orders?.mayTrade(...who) ?? false,
    notify: (news) => void notify(news),
    isWanted: (exchange, symbol) => isServed(deps.universe, exchange, symbol),
    accounts: desk.data().map(({ id }) => id),
    underlyingOf: (key) => underlyingFigures({ ...deps, board: engine.board }, key),
    lastMomentMs: (exchange, expiry) => deps.hours.calendar.closeMs(exchange, expiry),
  });
  late.margin = margin;
  stops.push(() => margin.stop());
  const venues = new LiveVenues({
    clock, random: deps.random, log, openSocket: nodeOpenSocket, contracts,
    accounts: () => desk.accounts.list(),
    data: () => desk.data(),
    limitsOf: (broker) =>
      desk.accounts.brokers().find(({ plugin }) => plugin.id === broker)?.plugin.limits.orders,
  });
  const orders = await openOrders({
    clock, random: deps.ids, log, database, activity, contracts,
    margin: margin.desk,
    venues: () => venues.all(),
    paperOf: (userId) => paper.venueOf(userId),
    calendarOf: (exchange) => deps.hours.derivativesOf(exchange),
    notify,
    settlements: new PaperSettlements(clock, prices, () => paper.waiting()),
    people: () => directory.list().filter(({ enabled }) => enabled)
      .map(({ id: userId, role }) => ({ userId, role })),
    publish: (userId, event) => void ordered.orders.publish(event, userId),
  });
  late.orders = orders;
  stops.push(() => orders.stop());
  desk.onChanged(() => orders.venuesChanged());
  return { orders, margin, ordered };
}

function marginAccountOf(
  account: string,
  { desk, engine: { contracts } }: TradingDeps,
): MarginAccount | null {
  if (account.startsWith(paperPrefix)) {
    const tokenOf = (): undefined => undefined;
    return { broker: 'paper', label: 'Paper', isPaper: true, margin: null, tokenOf };
  }
  const live = desk.data().find(({ id }): boolean => id === account);
  return live ? liveMargin(live, contracts) : null;
}

function liveMargin(
  { broker, label, instance }: DataAccount,
  contracts: OptionChainEngine['contracts'],
): MarginAccount {
  return {
    broker,
    label,
    isPaper: false,
    margin: instance.margin ?? null,
    tokenOf: (key) => contracts.tokenOf(key, broker),
  };
}

function isServed(
  universe: TradingDeps['universe'],
  exchange: Exchange,
  symbol: string,
): boolean {
  return universe.rules().some((rule) =>
    rule.served && rule.exchange === exchange && (rule.symbol === symbol || rule.symbol === '*'));
}
