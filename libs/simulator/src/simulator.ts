import { createSeededRandom, type Clock, type Site } from '@strikewire/runtime';
import { controlRoute } from './control';
import { createDhanFace, type DhanFace, type DhanOptions } from './dhan/face';
import { placeOfSegment, segmentName } from './dhan/segments';
import type { Face, FaceAccounts, FaceDeps, FaceStatus } from './faces/face';
import { withOutages } from './faces/outage';
import { createViolationBook, type ViolationReport } from './faces/violations';
import type { Fault } from './faults/fault';
import { createFaultBook, type FaultBook } from './faults/fault-book';
import { defaultUnderlyings } from './market/data/universe';
import { createMarket, type Market, type MarketOptions } from './market/market';
import { createOpenalgoFace, type OpenalgoOptions } from './openalgo/face';
import { createOrderControl, type OrderControl } from './orders/order-control';
import { createTruth, type Truth } from './truth/truth';
import { createUpstoxFace, type UpstoxOptions } from './upstox/face';

/** Names of the faces; the first is meant where none is named. */
export const faceNames = ['dhan', 'upstox', 'openalgo'] as const;

/** The name of each face. */
export type FaceName = (typeof faceNames)[number];

/**
 * The market, its clients and its rules; only clock, seed and calendar have no default. What is
 * not said of a face is Dhan's.
 */
export interface SimulatorOptions extends Omit<MarketOptions, 'underlyings'>, DhanOptions {
  /** What derivatives are listed on; all indices and stocks when not given. */
  underlyings?: MarketOptions['underlyings'];
  upstox?: UpstoxOptions;
  openalgo?: OpenalgoOptions;
}

/** What goes on now, as `GET /_sim/status` tells it: at Dhan's face, and at each by its name. */
export interface SimulatorStatus extends FaceStatus {
  paused: boolean;
  /** Contracts that somebody is subscribed to. */
  watched: number;
  ticks: number;
  /** Average since the last status was asked for. */
  ticksPerSecond: number;
  faces: Record<FaceName, FaceStatus>;
}

/** A running market with the faces of brokers. */
export interface Simulator {
  /** Dhan's. */
  readonly site: Site;
  /** REST, instrument files, feed and `/_sim/` of each broker, on one site each. */
  readonly sites: Readonly<Record<FaceName, Site>>;
  readonly market: Market;
  readonly faults: Pick<FaultBook, 'add' | 'clear' | 'list'>;
  readonly truth: Truth;
  /** Orders as they are, and those from other front ends. */
  readonly orders: OrderControl;
  /** Dhan's. */
  readonly accounts: Pick<DhanFace['accounts'], 'find' | 'list' | 'renew'>;
  readonly accountsOf: Readonly<Record<FaceName, FaceAccounts>>;
  violations(): ViolationReport;
  status(): SimulatorStatus;
  /** While paused no truth changes; on return everything pending has been sent. */
  pause(isPaused: boolean): void;
  /** Ends all connections and timers. */
  stop(): void;
}

/** A synthetic exchange with the faces of brokers. The same options and calls give the same run. */
export function createSimulator(options: SimulatorOptions): Simulator {
  const { clock, seed } = options;
  const random = createSeededRandom(seed ^ 0x2545f491);
  const { underlyings = defaultUnderlyings } = options;
  const market = createMarket({ ...options, underlyings });
  const book = createViolationBook(clock);
  const faults = createFaultBook(clock, random, faceNames);
  const depsOf = (name: FaceName): FaceDeps => ({
    clock, random, market, violations: book.of(name), faults: faults.of(name),
    orderSeed: seed + faceNames.indexOf(name),
  });
  const faces = {
    dhan: createDhanFace(depsOf('dhan'), options),
    upstox: createUpstoxFace(depsOf('upstox'), options.upstox ?? {}, options.holidays),
    openalgo: createOpenalgoFace(depsOf('openalgo'), options.openalgo ?? {}),
  };
  const all: readonly Face[] = Object.values(faces);
  faults.onEffects(createEffects(market, faces));
  const accountsOf = mapFaces((name) => faces[name].accounts);
  const words = { placeOf: placeOfSegment, wordFor: segmentName };
  const tickRate = createRateMeter(clock, () => market.ticks);
  const siteOf = (name: FaceName): Site => {
    const { http, socket } = withOutages(faces[name].site, faults.of(name));
    return {
      http: (request) => request.path.startsWith('/_sim/')
        ? controlRoute(simulator, request)
        : http(request),
      socket,
    };
  };
  const sites = mapFaces(siteOf);
  const simulator: Simulator = {
    site: sites.dhan,
    sites,
    market,
    faults,
    truth: createTruth(market, words),
    orders: createOrderControl({ market, faces, ...words }),
    accounts: faces.dhan.accounts,
    accountsOf,
    violations: book.report,
    status: () => ({
      paused: market.isPaused,
      watched: market.watchedCount,
      ticks: market.ticks,
      ticksPerSecond: tickRate(),
      ...faces.dhan.status(),
      faces: mapFaces((name) => faces[name].status()),
    }),
    pause(isPaused) {
      market.pause(isPaused);
      if (isPaused) for (const face of all) face.flush();
    },
    stop() {
      market.stop();
      for (const face of all) face.stop();
    },
  };
  return simulator;
}

function mapFaces<T>(make: (name: FaceName) => T): Record<FaceName, T> {
  const entries = faceNames.map((name) => [name, make(name)] as const);
  return Object.fromEntries(entries) as Record<FaceName, T>;
}

/** What faults do at the moment they come, and what undoes them. */
function createEffects(market: Market, faces: Readonly<Record<FaceName, Face>>) {
  const overridden = new Set<string>();
  return {
    added(fault: Fault): void {
      faces[(fault.broker as FaceName | undefined) ?? faceNames[0]].effects.added(fault);
      if (fault.kind === 'oddExpiries') {
        overridden.add(fault.underlying);
        market.overrideExpiries(fault.underlying, [...fault.expiries].sort());
      }
    },
    cleared(): void {
      for (const name of faceNames) faces[name].effects.cleared();
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
