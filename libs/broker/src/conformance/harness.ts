import type { UnderlyingRef } from '@strikewire/contracts';
import type { OpenSocket } from '@strikewire/runtime';
import type { FeedEndKind } from '../core/feed-protocol';
import type { InstrumentToken } from '../core/market-data-port';
import type { BrokerDeps } from '../core/plugin';
import type { ConformanceOrders } from './orders-harness';

/** What the kit makes go wrong at the broker's side. Each lasts until everything is cleared. */
export type ConformanceFault =
  /** All connections break, without a word. */
  | { kind: 'drop' }
  /** Connected, and silent. */
  | { kind: 'mute' }
  /** Handshakes are answered so. */
  | { kind: 'refuse'; status: number }
  /** The token that is in use ends now; signed-in connections end as the broker ends them. */
  | { kind: 'expiredToken' }
  | { kind: 'suspended' }
  /** REST requests are answered so. */
  | { kind: 'status'; status: number }
  /** REST: a page in HTML, status 502. */
  | { kind: 'html' }
  /** REST: status 200 and nothing in it. */
  | { kind: 'empty' }
  /** REST: no answer at all. */
  | { kind: 'hang' }
  /** Frames are spoilt; the good one follows. */
  | { kind: 'corrupt' }
  /** Frames come in two messages. */
  | { kind: 'torn' }
  /** Frames come twice. */
  | { kind: 'duplicate' }
  /** Frames come after younger ones. */
  | { kind: 'late' }
  /** The broker lists these expiries from now on. */
  | { kind: 'listExpiries'; underlying: UnderlyingRef; expiries: readonly string[] }
  /** Orders that are placed, modified and cancelled are so, and there is no answer. */
  | { kind: 'unanswered' }
  /** The same, and half of the answer comes. */
  | { kind: 'cutAnswers' }
  /** What is asked about orders does not arrive, and its connection breaks. */
  | { kind: 'unreachable' }
  /** Orders have a status that nobody has heard of, in books and in news. */
  | { kind: 'strangeStatus' }
  /** Figures of margin that cannot be. */
  | { kind: 'absurdMargin' };

/** The name of each fault. */
export type ConformanceFaultKind = ConformanceFault['kind'];

/** A level of the book, paise and units; zeros where there is no order. */
export interface TrueLevel {
  bidPaise: number;
  bidQty: number;
  askPaise: number;
  askQty: number;
}

/** What an instrument's figures really are. Prices in paise, quantities in units. */
export interface TrueQuote extends TrueLevel {
  ltpPaise: number;
  openPaise: number;
  highPaise: number;
  lowPaise: number;
  closePaise: number;
  volume: number;
  oi: number;
  previousOi: number;
  /** Epoch ms of the last trade; 0 when there was none. Without it E20 is skipped. */
  tradeMs?: number;
  /** Best first; as many levels as the market shows. */
  depth: readonly TrueLevel[];
}

/** An option as it is, under the broker's own id. */
export interface TrueLeg extends TrueQuote {
  token: InstrumentToken;
}

/** A future as it is, under the broker's own id. */
export interface TrueFuture {
  /** ISO date. */
  expiry: string;
  token: InstrumentToken;
}

/** A listed strike. */
export interface TrueStrike {
  strikePaise: number;
  CE: TrueLeg;
  PE: TrueLeg;
}

/** What has options, with its price and its expiries: ISO, ascending. */
export interface TrueListing extends UnderlyingRef {
  kind: 'index' | 'stock' | 'commodity';
  lotSize: number;
  expiries: readonly string[];
  spot: TrueQuote;
}

/** The market as it really is at this instant, in the platform's words. */
export interface ConformanceTruth {
  underlyings(): readonly TrueListing[];
  /** Strikes ascending; undefined for a chain that is not listed. */
  chain(underlying: UnderlyingRef, expiry: string): readonly TrueStrike[] | undefined;
  /** Those that are listed on it. Without it B11 is skipped. */
  futures?(underlying: UnderlyingRef): readonly TrueFuture[];
}

/** Signing in as a person does: opens the broker's page, and comes back with its answer. */
export interface SignInVisit {
  redirectUri: string;
  visit(url: string): Promise<URLSearchParams>;
}

/**
 * The broker's side, as a plugin's author scripts it: a simulator, or a sandbox. Time is the
 * harness's: virtual time is fastest, but the kit does as well with a real clock.
 */
export interface ConformanceHarness {
  /** What the plugin gets. The gate has to hold `plugin.limits.rest`. */
  deps: BrokerDeps;
  openSocket: OpenSocket;
  credentials: Readonly<Record<string, string>>;
  /** Of the right form, and refused by the broker. */
  wrongCredentials: Readonly<Record<string, string>>;
  /** Of an account that is good and has not paid for data. Without it F19 is skipped. */
  credentialsWithoutData?: Readonly<Record<string, string>>;
  /**
   * When the broker ends the token in these credentials, epoch ms; null: never. Without it F17 is
   * skipped.
   */
  tokenEndMs?(credentials: Readonly<Record<string, string>>): number | null;
  endpoints: Readonly<Record<string, string>>;
  /** Lets time pass on `deps.clock`. */
  advance(ms: number): Promise<void>;
  /** While paused no figure changes; what is on its way still arrives. */
  pause(isPaused: boolean): void | Promise<void>;
  /** What `inject` can do; cases that need more are skipped, and the report says so. */
  faults: readonly ConformanceFaultKind[];
  inject(fault: ConformanceFault): void | Promise<void>;
  /** Takes all faults back: tokens that were ended are good again. */
  clear(): void | Promise<void>;
  truth(): ConformanceTruth;
  /** Breaches of the broker's rules that its side has counted since the start. */
  violations(): number;
  /** For plugins with a sign-in of their own. */
  signIn?: SignInVisit;
  /** For plugins with an order side; without it the cases of orders and margin are skipped. */
  orders?: ConformanceOrders;
}

/** How a connection came to its end, as the plugin told it. */
export type ConformanceEnd = FeedEndKind | 'throttled';
