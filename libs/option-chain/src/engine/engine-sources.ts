import { Supervision, type FeedPool } from '@strikewire/broker/engine';
import type { Exchange } from '@strikewire/contracts';
import { conventions } from '@strikewire/pricing';
import { Keeper } from '@strikewire/runtime';
import { askedAccounts, chainClassOf } from '../core/refresh/asked-accounts';
import type { ChainAnswer } from '../core/skeleton';
import { ChainBoard } from './chain-board';
import { ContractNames } from './contract-names';
import { currentMarketData, type CommonMarketData } from './current-market-data';
import { DailyBuilds } from './daily-builds';
import type { OptionChainEngineOptions } from './engine-options';
import { RefreshRunner, type AskableAccount } from './refresh-runner';
import { UnderlyingDirectory } from './underlying-directory';

/** Where figures come from, and where they are. */
export interface EngineSources {
  /** Who is asked, and whose sockets carry what. */
  supervision: Supervision;
  feed: FeedPool;
  requests: RefreshRunner;
  board: ChainBoard;
  directory: UnderlyingDirectory;
  /** What the broker at home calls what another one has named. */
  names: ContractNames;
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
  answered(key: string, answer: ChainAnswer): void;
  /** More is known of what the broker at home calls what is served. */
  named(): void;
}

/** REST figures are fresh when trading begins. */
const freshBeforeOpenMs = 300_000;

/** Opens nothing yet: feeds and requests begin when they are given something to do. */
export function openSources(options: OptionChainEngineOptions, news: SourceNews): EngineSources {
  const { clock, log, registry, calendar, boundsMs, convention } = options;
  const keeper = new Keeper({ clock, log });
  const supervision = superviseAccounts(options, news, {
    restChanged: () => requests.accountsChanged(),
  });
  const { feed } = supervision;
  const accounts = (): readonly AskableAccount[] => askable(options, supervision, directory);
  const marketData = currentMarketData({
    accounts: () => options.accounts(),
    askedFirst: () => accounts().flatMap(({ id, builds }) => (builds === 'only' ? [] : id)),
    nameAt: (broker, underlying) => directory.nameAt(broker, underlying),
  });
  const directory = new UnderlyingDirectory({
    clock, log, registry, keeper, marketData,
    brokers: () => [...new Set(options.accounts().map(({ broker }) => broker))],
    namelessChanged: () => requests.accountsChanged(),
    spotsChanged: (broker) => {
      if (broker === names.home) news.named();
    },
  });
  const names = openNames(options, news, { supervision, directory, marketData });
  const requests = new RefreshRunner({
    clock,
    log,
    accounts,
    isFresh: (exchange) => {
      const nowMs = clock.wallMs();
      return [nowMs, nowMs + freshBeforeOpenMs].some((at) => calendar.isOpen(exchange, at));
    },
    answered: (key, answer) => news.answered(key, answer),
    nameAt: ({ broker }, listed) => directory.learnName(broker, listed),
    reported: (account, outcome, { restClass, endpoint, reason, isFatal }) => {
      const about = { class: restClass, endpoint };
      if (outcome === 'refused') supervision.refused(account, isFatal ? 'parked' : 'auth', reason);
      else supervision.reported(account, about, outcome);
    },
    ...(boundsMs && { boundsMs }),
  });
  const board = new ChainBoard({
    clock,
    feed,
    isMarketOpen: (exchange) => isMarketOpen(options, exchange),
    isSpotTrading: ({ exchange }) => calendar.isSpotOpen(exchange, clock.wallMs()),
    isIndex: (underlying) => directory.find(underlying)?.kind === 'index',
    convention: convention ?? conventions.calendar365,
    names,
  });
  const builds = new DailyBuilds({ clock, log, registry, keeper });
  return { supervision, feed, requests, board, directory, names, marketData, keeper, builds };
}

/** Who is asked over REST now, in order, and who for what is not built yet. */
function askable(
  { accounts, clock }: OptionChainEngineOptions,
  { standing }: Supervision,
  directory: UnderlyingDirectory,
): AskableAccount[] {
  const all = accounts();
  const known = all.map(({ id, broker, limits }) => ({
    id, broker, restClass: chainClassOf(limits), isNameless: directory.isNameless(broker),
  }));
  return askedAccounts(standing, known, clock.monoMs()).flatMap(({ id, builds }) =>
    all.filter((one) => one.id === id).map((one) => ({ ...one, builds })));
}

function openNames(
  { clock, log }: OptionChainEngineOptions,
  { named }: SourceNews,
  { supervision, directory, marketData }: Pick<
    EngineSources, 'supervision' | 'directory' | 'marketData'
  >,
): ContractNames {
  return new ContractNames({
    clock,
    log,
    marketData,
    learnSpots: (broker) => directory.learn(broker),
    spotOf: (broker, underlying) => directory.nameAt(broker, underlying)?.spot,
    readAhead: (broker, key) => supervision.names.tokenOf(broker, key),
    learned: named,
  });
}

function superviseAccounts(
  options: OptionChainEngineOptions,
  news: SourceNews,
  { restChanged }: { restChanged(): void },
): Supervision {
  const { clock, random, log, openSocket, accounts, failover } = options;
  return new Supervision({
    ...failover,
    clock,
    random,
    log,
    openSocket,
    accounts,
    isMarketOpen: (exchange) => isMarketOpen(options, exchange),
    onRecovered: (socket) => news.recovered(socket),
    onRedealt: (sockets) => news.redealt(sockets),
    onRestChanged: restChanged,
  });
}

function isMarketOpen(
  { calendar, clock }: OptionChainEngineOptions,
  exchange: Exchange,
): boolean {
  return calendar.isOpen(exchange, clock.wallMs());
}
