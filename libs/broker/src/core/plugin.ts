import type { Clock, Http, Log, Random } from '@strikewire/runtime';
import type { z } from 'zod';
import type { AuthPort } from './auth-port';
import type { DepthFeed } from './depth-protocol';
import type { FeedLimits, FeedProtocol } from './feed-protocol';
import type { MarginPort } from './margin-port';
import type { MarketDataPort } from './market-data-port';
import type { OrderFeed } from './order-feed';
import type { BrokerOrderLimits } from './order-limits';
import type { OrdersPort } from './orders-port';
import type { RateRule } from './rate-rule';

/** Version of the contract between the platform and its broker plugins. */
export const brokerContract = 1;

/**
 * What a broker's wire may not tell. `tradeTimes`, `volumes`: of a contract, on its feed;
 * `futures`: in its instrument list; `tokenEnd`: when a token ends that does; `suspension`: that an
 * account is blocked, as something else than a bad token; `dataPlan`: whether data are paid for.
 */
export type BrokerUntold =
  'tradeTimes' | 'volumes' | 'futures' | 'tokenEnd' | 'suspension' | 'dataPlan';

/** What a broker can do: data, read by whoever plans the work. */
export interface BrokerCapabilities {
  /** Exchanges whose derivatives its feed carries. */
  exchanges: readonly ('NSE' | 'BSE' | 'MCX')[];
  /** Exchanges whose expiry lists and chains it answers over REST; as its feed when not given. */
  chainExchanges?: readonly ('NSE' | 'BSE' | 'MCX')[];
  /** Price levels per side in its fullest feed mode. */
  depthLevels: 0 | 1 | 5 | 20;
  /** Whether full books can be had over a feed of their own: `depthFeed`. */
  depthFeed?: boolean;
  /** Whether its chain answer carries IV and Greeks of its own. */
  brokerGreeks: boolean;
  /** Whether a token can be had anew without a person: `auth.renew`. */
  tokenRenewal?: boolean;
  /** Whether people sign in at the broker's own page: `auth.signIn`. */
  browserSignIn?: boolean;
  /**
   * False: its book does not tell the platform's id of an order (`clientOrderId` is always null),
   * so that an order whose answer was lost is not found again by it. True when not given.
   */
  orderTags?: boolean;
  /** Nothing when not given: then the conformance kit tries all of it. */
  untold?: readonly BrokerUntold[];
}

/** A request's place in the account's budget. */
export interface BudgetSlot {
  /** Name of a class of `limits.rest`. */
  class: string;
  /** For rules that count each key by itself. */
  key?: string;
  /** Lower goes first; default 0. */
  priority?: number;
  /** Set by the host: whether anybody waits for the answer still. If not, it is never sent. */
  isWanted?(): boolean;
}

/** Runs requests no sooner than the account's limits permit. */
export interface RateGate {
  /** Rejects with kind `throttled` when too many already wait; else with what `send` rejects. */
  run<T>(slot: BudgetSlot, send: () => Promise<T>): Promise<T>;
}

/** Everything impure that an adapter needs; it reaches for nothing else. */
export interface BrokerDeps {
  clock: Clock;
  random: Random;
  http: Http;
  log: Log;
  gate: RateGate;
}

/** One account of a broker, ready to use; making it causes no I/O. */
export interface BrokerInstance {
  marketData: MarketDataPort;
  feed: FeedProtocol;
  /** Left out when there is no feed of full books beside the feed. */
  depthFeed?: DepthFeed;
  /** Left out when credentials never end. */
  auth?: AuthPort;
  /** Left out while the broker takes no orders through its plugin. */
  orders?: OrdersPort;
  /** Left out when nothing is told of orders by itself: then the book is read. */
  orderFeed?: OrderFeed;
  margin?: MarginPort;
  /** "Test connection": resolves with what the account may do, rejects with a typed error. */
  check(): Promise<AccountReport>;
}

/** What "Test connection" finds out about an account. */
export interface AccountReport {
  accountId: string;
  /** Whether the account has paid for market data. */
  hasMarketData: boolean;
  /** Epoch ms; null when the broker does not say. */
  tokenExpiresMs: number | null;
}

/** Limits of one account, from the broker's documentation. */
export interface BrokerLimits {
  rest: readonly RateRule[];
  feed: FeedLimits;
  /** Of orders; needed where there is an orders side. */
  orders?: BrokerOrderLimits;
}

/**
 * How a broker computes the IV and Greeks that its own screen shows: a convention in the sense of
 * the pricing library, as data.
 */
export interface ScreenConvention {
  name: string;
  model: 'black76' | 'spot';
  /** Continuous rate a year, as a fraction. */
  rate: number;
  /** `msPerYear` of all time, or of time in which the market is open, are a year. */
  dayCount: { clock: 'calendar' | 'trading'; msPerYear: number };
  /** Added to the moment of expiry. */
  expiryShiftMs: number;
}

/**
 * A broker: one exported constant, listed once in the API. `credentials` is a flat object schema
 * whose fields carry `.meta({label, help, secret})`; `endpoints` are the hosts, which settings may
 * replace, so that a simulator and the real broker share one code path.
 */
export interface BrokerPlugin<
  Credentials extends z.ZodType,
  Endpoints extends Record<string, string>,
> {
  id: string;
  label: string;
  contract: typeof brokerContract;
  credentials: Credentials;
  endpoints: Endpoints;
  capabilities: BrokerCapabilities;
  limits: BrokerLimits;
  /**
   * Readings of the broker's rules by their names, where these can be read in more than one way:
   * the settings choose one in the place of `limits`.
   */
  limitReadings?: Readonly<Record<string, BrokerLimits>>;
  /**
   * The broker's own name of the account that credentials are of: the broker counts its limits by
   * it, so that two entries of one account may not stand side by side.
   */
  accountOf(credentials: z.infer<Credentials>): string;
  /** Left out when it is not known. */
  screenConvention?: ScreenConvention;
  /** Names of the environment variables that credentials, endpoints and reading may come from. */
  environment: {
    credentials: Record<keyof z.infer<Credentials> & string, string>;
    endpoints: Record<keyof Endpoints & string, string>;
    limits?: string;
  };
  create(
    config: { credentials: z.infer<Credentials>; endpoints: Endpoints },
    deps: BrokerDeps,
  ): BrokerInstance;
}

/** A plugin of any broker, as the platform's list holds it. */
export interface AnyBrokerPlugin extends Omit<
  BrokerPlugin<z.ZodType, Record<string, string>>,
  'create' | 'environment' | 'accountOf'
> {
  accountOf(credentials: never): string;
  environment: {
    credentials: Record<string, string>;
    endpoints: Record<string, string>;
    limits?: string;
  };
  create(config: never, deps: BrokerDeps): BrokerInstance;
}

/** Types a plugin's declaration; returns it unchanged. */
export function defineBroker<
  Credentials extends z.ZodType,
  Endpoints extends Record<string, string>,
>(plugin: BrokerPlugin<Credentials, Endpoints>): BrokerPlugin<Credentials, Endpoints> {
  return plugin;
}
