import { createSeededRandom, type Clock, type Site } from '@strikewire/runtime';
import { controlRoute } from './control';
import {
  createAccounts, defaultAccount, type AccountSeed, type Accounts,
} from './dhan/accounts';
import { createFeedHub, type FeedHub, type FeedStatus } from './dhan/feed/feed-hub';
import { defaultFeedSettings, type FeedSettings } from './dhan/feed/feed-session';
import { createRateLimits, type ChainRule } from './dhan/limits';
import { createRestFace } from './dhan/rest/routes';
import { placeOfSegment, segmentName } from './dhan/segments';
import { createViolations, type ViolationReport } from './dhan/violations';
import type { Fault } from './faults/fault';
import { createFaultBook, type FaultBook } from './faults/fault-book';
import { defaultUnderlyings } from './market/data/universe';
import { createMarket, type Market, type MarketOptions } from './market/market';
import { createTruth, type Truth } from './truth/truth';

/** The market, its clients and its rules; only clock, seed and calendar have no default. */
export interface SimulatorOptions extends Omit<MarketOptions, 'underlyings'> {
  /** What derivatives are listed on; all indices and stocks when not given. */
  underlyings?: MarketOptions['underlyings'];
  /** Clients of the simulated Dhan; `defaultAccount` when not given. */
  accounts?: readonly AccountSeed[];
  feed?: Partial<FeedSettings>;
  /** How the option chain's 3-second rule is read; `perKey` when not given. */
  chainRule?: ChainRule;
}

/** What goes on now, as `GET /_sim/status` tells it. */
export interface SimulatorStatus extends FeedStatus {
  paused: boolean;
  /** Contracts that somebody is subscribed to. */
  watched: number;
  ticks: number;
  /** Average since the last status was asked for. */
  ticksPerSecond: number;
  /** REST requests by path since the start. */
  requests: Record<string, number>;
}

/** A running market with the face of a broker. */
export interface Simulator {
  /** REST, instrument files, feed and `/_sim/` on one site. */
  readonly site: Site;
  readonly market: Market;
  readonly faults: Pick<FaultBook, 'add' | 'clear' | 'list'>;
  readonly truth: Truth;
  readonly accounts: Pick<Accounts, 'find' | 'list' | 'renew'>;
  violations(): ViolationReport;
  status(): SimulatorStatus;
  /** While paused no truth changes; on return everything pending has been sent. */
  pause(isPaused: boolean): void;
  /** Ends all connections and timers. */
  stop(): void;
}

/** A synthetic exchange with the face of Dhan. The same options and calls give the same run. */
export function createSimulator(options: SimulatorOptions): Simulator {
  const { clock, seed } = options;
  const random = createSeededRandom(seed ^ 0x2545f491);
  const { underlyings = defaultUnderlyings } = options;
  const market = createMarket({ ...options, underlyings });
  const accounts = createAccounts(clock, options.accounts ?? [defaultAccount]);
  const violations = createViolations(clock);
  const faults = createFaultBook(clock, random);
  const limits = createRateLimits(clock, violations, options.chainRule ?? 'perKey');
  const shared = { clock, random, market, accounts, violations, faults };
  const feed = createFeedHub({ ...shared, settings: { ...defaultFeedSettings, ...options.feed } });
  const rest = createRestFace({ ...shared, limits });
  faults.onEffects(createEffects(market, accounts, feed));
  const tickRate = createRateMeter(clock, () => market.ticks);
  const simulator: Simulator = {
    site: {
      http: (request) =>
        request.path.startsWith('/_sim/') ? controlRoute(simulator, request) : rest.answer(request),
      socket: (request) => feed.handshake(request),
    },
    market,
    faults,
    truth: createTruth(market, { placeOf: placeOfSegment, wordFor: segmentName }),
    accounts,
    violations: violations.report,
    status: () => ({
      paused: market.isPaused,
      watched: market.watchedCount,
      ticks: market.ticks,
      ticksPerSecond: tickRate(),
      requests: rest.requests(),
      ...feed.status(),
    }),
    pause(isPaused) {
      market.pause(isPaused);
      if (isPaused) feed.flush();
    },
    stop() {
      market.stop();
      feed.stop();
    },
  };
  return simulator;
}

const tokenExpired = 807;

/** What faults do at the moment they come, and what undoes them. */
function createEffects(market: Market, accounts: Accounts, feed: FeedHub) {
  const overridden = new Set<string>();
  return {
    added(fault: Fault): void {
      if (fault.kind === 'dropSocket') feed.drop(fault.socket, fault.disconnectCode);
      if (fault.kind === 'muteSocket') {
        feed.mute(fault.socket, fault.stopPings ?? false, fault.forMs);
      }
      if (fault.kind === 'expireToken') {
        accounts.expire(fault.clientId);
        feed.disconnectClient(fault.clientId, tokenExpired);
      }
      if (fault.kind === 'oddExpiries') {
        overridden.add(fault.underlying);
        market.overrideExpiries(fault.underlying, [...fault.expiries].sort());
      }
    },
    cleared(): void {
      feed.unmuteAll();
      accounts.restoreAll();
      for (const symbol of overridden) market.overrideExpiries(symbol, undefined);
      overridden.clear();
    },
  };
}

/** A second by the clock since the last question, at least. */
function createRateMeter(clock: Clock, count: () => number): () => number {
  let fromMs = clock.monoMs();
  let from = count();
  let rate = 0;
  return () => {
    const elapsedMs = clock.monoMs() - fromMs;
    if (elapsedMs >= 1000) {
      rate = Math.round(((count() - from) * 1000) / elapsedMs);
      fromMs = clock.monoMs();
      from = count();
    }
    return rate;
  };
}
