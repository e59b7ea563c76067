import type { UnderlyingRef } from '@strikewire/contracts';
import {
  errorMessageOf,
  inTime,
  StrikewireError,
  type Clock,
  type Deadline,
} from '@strikewire/runtime';
import type { MarketDataPort } from '../core/market-data-port';
import type { AnyBrokerPlugin, BrokerInstance } from '../core/plugin';
import { askInTurn, gateOfQuestions } from './ask-in-turn';
import { checkDepthLimits } from './depth-limits';
import { refusalOf, type RefusalKind } from './refusal-kind';
import { TradingDoubt, type Refusal } from './trading-doubt';
import { watchedMargin, watchedOrders, type Told } from './watched-orders';

/** What a broker says of an account when it is asked, whoever asks. */
export interface InstanceNews {
  /** `by`: the question that was refused; `trading`: that is all that is known to be. */
  refused(instance: BrokerInstance, by: string, refusal: Refusal<RefusalKind | 'trading'>): void;
  /** `brokerMs`: how long that took, but for the wait in the account's own queue. */
  answered(instance: BrokerInstance, by: string, brokerMs: number): void;
}

/** The question of a test of the connection, as news name it. */
export const checking = 'check';

/** Lists of all that a broker trades are long, and may have to be fetched first. */
const listsMs = 180_000;
/** Somebody looks on while a connection is tested. */
const checkQueueMs = 30_000;

/**
 * The same plugin, of whose instances every refusal is told, and whose every question settles:
 * whoever asks a broker, and for whatever, an account that is refused is known to be.
 */
export function watchedPlugin(plugin: AnyBrokerPlugin, news: InstanceNews): AnyBrokerPlugin {
  return {
    ...plugin,
    create(config, deps) {
      const inner = plugin.create(config, { ...deps, gate: gateOfQuestions(deps.gate) });
      checkDepthLimits(plugin.label, inner);
      return watched(plugin, inner, deps.clock, news);
    },
  };
}

function watched(
  { label, capabilities }: AnyBrokerPlugin,
  inner: BrokerInstance,
  clock: Clock,
  news: InstanceNews,
): BrokerInstance {
  const { feed, depthFeed, auth, orders, orderFeed, margin } = inner;
  const tellOf = (refused: (by: string, refusal: Refusal) => void): Told => async (by, ask) => {
    try {
      return await askInTurn({ clock, what: `${label} (${by})`, answered: answeredTo(by) }, ask);
    } catch (error) {
      const kind = refusalOf(error);
      if (kind) refused(by, { kind, why: errorMessageOf(error) });
      throw error;
    }
  };
  const answeredTo = (by: string) => (brokerMs: number): void => {
    doubt.answered();
    news.answered(instance, by, brokerMs);
  };
  const told = tellOf((by, refusal) => news.refused(instance, by, refusal));
  // An account that may not trade has market data still.
  const toldOfTrading = tellOf((by, refusal) => doubt.refused(by, refusal));
  const { exchanges, chainExchanges = exchanges } = capabilities;
  const toldOfChains = async <T>(
    by: string,
    { exchange }: UnderlyingRef,
    ask: () => Promise<T>,
  ): Promise<T> => {
    if (!chainExchanges.includes(exchange)) throw withoutChains(label, exchange);
    return told(by, ask);
  };
  const lists = { clock, what: `the list of ${label}` };
  const instance: BrokerInstance = {
    marketData: {
      ...toldMarketData(inner.marketData, told, lists),
      expiries: (underlying) =>
        toldOfChains('expiries', underlying, () => inner.marketData.expiries(underlying)),
      chain: (underlying, ...about) =>
        toldOfChains('chain', underlying, () => inner.marketData.chain(underlying, ...about)),
    },
    feed,
    ...(depthFeed && { depthFeed }),
    ...(auth && { auth }),
    ...(orders && { orders: watchedOrders(orders, toldOfTrading, { clock, label }) }),
    ...(orderFeed && { orderFeed }),
    ...(margin && { margin: watchedMargin(margin, toldOfTrading) }),
    async check() {
      const what = `the test of the connection to ${label}`;
      const answered = answeredTo(checking);
      // What it comes to when it is refused, whoever has asked says in words of their own.
      return askInTurn({ clock, what, queueMs: checkQueueMs, answered }, () => inner.check());
    },
  };
  const doubt = new TradingDoubt({
    clock,
    check: () => instance.check(),
    accountRefused: (refusal) => news.refused(instance, checking, refusal),
    tradingRefused: (by, why) => news.refused(instance, by, { kind: 'trading', why }),
  });
  return instance;
}

/** Not asked: its plugin has declared that there is no answer. */
function withoutChains(label: string, exchange: string): StrikewireError {
  const message = `${label} answers no chains of ${exchange}: another broker's account is needed`;
  return new StrikewireError({ kind: 'invalid', code: 'chains_not_served', message });
}

function toldMarketData(
  port: MarketDataPort,
  told: Told,
  { clock, what }: Deadline,
): Omit<MarketDataPort, 'expiries' | 'chain'> {
  // Lists that anybody may load say nothing of the account.
  const listed = <T>(ask: () => Promise<T>): Promise<T> =>
    inTime({ clock, what, withinMs: listsMs }, ask);
  return {
    underlyings: () => listed(() => port.underlyings()),
    instruments: (wanted) => listed(() => port.instruments(wanted)),
    resolve: (keys) => listed(() => port.resolve(keys)),
    lastPrices: (tokens) => told('lastPrices', () => port.lastPrices(tokens)),
  };
}
