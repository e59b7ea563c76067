import type { BrokerChain } from '@strikewire/broker';
import { FeedPool } from '@strikewire/broker/engine';
import type { Exchange } from '@strikewire/contracts';
import { conventions } from '@strikewire/pricing';
import { Keeper } from '@strikewire/runtime';
import { ChainBoard } from './chain-board';
import { currentMarketData, type CommonMarketData } from './current-market-data';
import { DailyBuilds } from './daily-builds';
import type { OptionChainEngineOptions } from './engine-options';
import { RefreshRunner } from './refresh-runner';
import { UnderlyingDirectory } from './underlying-directory';

/** Where figures come from, and where they are. */
export interface EngineSources {
  feed: FeedPool;
  requests: RefreshRunner;
  board: ChainBoard;
  directory: UnderlyingDirectory;
  marketData: CommonMarketData;
  keeper: Keeper;
  builds: DailyBuilds;
}

/** What the engine does about what its sources tell. */
export interface SourceNews {
  /** A socket stands again: what passed meanwhile is missing. */
  recovered(socket: number): void;
  /** These sockets carry what was carried elsewhere, or nowhere. */
  redealt(sockets: readonly number[]): void;
  /** A chain's whole answer has come over REST. */
  answered(key: string, answer: BrokerChain): void;
}

/** REST figures are fresh when trading begins. */
const freshBeforeOpenMs = 300_000;

/** Opens nothing yet: feeds and requests begin when they are given something to do. */
export function openSources(options: OptionChainEngineOptions, news: SourceNews): EngineSources {
  const { clock, log, registry, accounts, calendar, boundsMs, convention } = options;
  const keeper = new Keeper({ clock, log });
  const marketData = currentMarketData(accounts);
  const broker = (): string => accounts()[0]?.broker ?? '';
  const directory = new UnderlyingDirectory({ clock, log, registry, keeper, marketData, broker });
  const feed = openFeed(options, news);
  const requests = new RefreshRunner({
    clock,
    log,
    accounts,
    isFresh: (exchange) => {
      const nowMs = clock.wallMs();
      return [nowMs, nowMs + freshBeforeOpenMs].some((at) => calendar.isOpen(exchange, at));
    },
    answered: (key, answer) => news.answered(key, answer),
    ...(boundsMs && { boundsMs }),
  });
  const board = new ChainBoard({
    clock,
    feed,
    isMarketOpen: (exchange) => isMarketOpen(options, exchange),
    isSpotTrading: ({ exchange }) => calendar.isSpotOpen(exchange, clock.wallMs()),
    isIndex: (underlying) => directory.find(underlying)?.kind === 'index',
    convention: convention ?? conventions.calendar365,
  });
  const builds = new DailyBuilds({ clock, log, registry, keeper });
  return { feed, requests, board, directory, marketData, keeper, builds };
}

function openFeed(options: OptionChainEngineOptions, news: SourceNews): FeedPool {
  const { clock, random, log, openSocket } = options;
  return new FeedPool({
    clock,
    random,
    log,
    openSocket,
    isMarketOpen: (exchange) => isMarketOpen(options, exchange),
    onRecovered: (socket) => news.recovered(socket),
    onRedealt: (sockets) => news.redealt(sockets),
  });
}

function isMarketOpen(
  { calendar, clock }: OptionChainEngineOptions,
  exchange: Exchange,
): boolean {
  return calendar.isOpen(exchange, clock.wallMs());
}
