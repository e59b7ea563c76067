import {
  indiaIsoOf,
  type Capacity,
  type ChainState,
  type Expiries,
  type PlatformStatus,
  type TermStructure,
  type Underlyings,
} from '@strikewire/contracts';
import { StrikewireError } from '@strikewire/runtime';
import type { EncodedSnapshot } from './answer-cache';
import { capacityReport } from './capacity-report';
import { chainJson } from './chain-json';
import type { StoredAtm, StoredDayEnd } from './chain-registry';
import type { ChainServiceDeps } from './chain-service-deps';
import type { BuildQuery } from './daily-builds';
import type { PlannedChain, PlannedUnderlying } from './day-plan';
import { figuresJson, forwardJson, roundedOrNull } from './figures-json';
import { InstrumentsCache } from './instruments-json';
import { chainKey, type LiveChain } from './live-chain';
import { SnapshotCache } from './snapshot-cache';
import { platformStatus } from './status-report';

/** REST reads look for changes at most this often: a version lasts at least so long. */
const readRefreshMs = 25;

/** The cache's face: whatever reads chains reads here. Nothing here causes a broker call. */
export class ChainService {
  private readonly deps: ChainServiceDeps;
  private readonly snapshots: SnapshotCache;
  private readonly contracts: InstrumentsCache;
  private readonly looked = new WeakMap<LiveChain, { mono: number; generation: number }>();

  constructor(deps: ChainServiceDeps) {
    this.deps = deps;
    const run = deps.clock.wallMs().toString(36);
    this.snapshots = new SnapshotCache(deps.source, run, deps.clock);
    this.contracts = new InstrumentsCache(run, deps.clock);
  }

  /**
   * A live chain; without an expiry the nearest that is built.
   * @throws StrikewireError `not_found` for an unknown underlying or an expiry that is not kept,
   * `retryable` for one that is kept and not built yet.
   */
  chain(symbol: string, expiry?: string): LiveChain {
    const underlying = this.underlying(symbol);
    const planned = expiry
      ? underlying.chains.find((one) => one.expiry === expiry)
      : (underlying.chains.find((one) => one.skeleton) ?? underlying.chains[0]);
    if (!planned && expiry && underlying.chains.length > 0) throw notKept(underlying, expiry);
    const chain = planned && this.deps.board.find(chainKey(underlying.row, planned.expiry));
    if (!chain) throw notBuilt(underlying, planned);
    return chain;
  }

  /** The encoded answer of `GET /api/optionchain/live`. */
  snapshot(symbol: string, expiry?: string): EncodedSnapshot {
    const chain = this.chain(symbol, expiry);
    this.look(chain);
    return this.snapshots.read(chain);
  }

  /** The encoded answer of `GET /option-chain`; undefined when that chain was never built. */
  lastBuild(query: BuildQuery): EncodedSnapshot | undefined {
    return this.deps.builds.answer(query);
  }

  /** The encoded answer of `GET /api/optionchain/instruments`. */
  instruments(symbol: string, expiry?: string): EncodedSnapshot {
    const { skeleton } = this.chain(symbol, expiry).slots;
    return this.contracts.read(skeleton, this.deps.builds.find(skeleton));
  }

  underlyings(): Underlyings {
    const underlyings = this.deps.plan().underlyings.map((underlying) => {
      const first = underlying.chains.find(({ skeleton }) => skeleton);
      const live = first && this.deps.board.find(chainKey(underlying.row, first.expiry));
      const ltpPaise = this.deps.board.feedLtp(underlying.key) ?? first?.skeleton?.ltpPaise;
      const atmPaise = live?.atmNow().atmPaise || undefined;
      return {
        symbol: underlying.row.symbol,
        exchange: underlying.row.exchange,
        kind: underlying.row.kind,
        state: underlying.state,
        reason: underlying.reason,
        ltp: rupeesOrNull(ltpPaise),
        strikeInterval: rupeesOrNull(first?.skeleton?.intervalPaise),
        atmStrike: rupeesOrNull(atmPaise),
        lotSize: first?.skeleton?.lotSize ?? null,
      };
    });
    return { underlyings };
  }

  expiries(symbol: string): Expiries {
    const underlying = this.underlying(symbol);
    return {
      underlying: underlying.row.symbol,
      exchange: underlying.row.exchange,
      listed: underlying.listed.map(({ expiry }) => expiry),
      fetchedAt: underlying.fetchedMs === null ? null : indiaIsoOf(underlying.fetchedMs),
      chains: underlying.chains.map((chain) => this.chainState(underlying, chain)),
    };
  }

  /** At-the-money volatility over the built expiries, nearest first. */
  termStructure(symbol: string): TermStructure {
    const { row, chains } = this.underlying(symbol);
    const points = chains.flatMap(({ expiry }): TermStructure['points'] => {
      const chain = this.deps.board.find(chainKey(row, expiry));
      if (!chain) return [];
      this.look(chain);
      const { figures, terms } = chain.pricer;
      const { atmIv, skew, expectedMove } = figuresJson(figures);
      return [
        {
          expiry,
          class: chain.slots.skeleton.expiryClass,
          yearsToExpiry: roundedOrNull(terms.yearsToExpiry, 9),
          forward: forwardJson(figures),
          atmIv,
          skew,
          expectedMove,
          stale: chain.isStale,
        },
      ];
    });
    return { underlying: row.symbol, exchange: row.exchange, points };
  }

  status(): PlatformStatus {
    return platformStatus(this.deps, (underlying) =>
      underlying.chains.map((chain) => this.chainState(underlying, chain)),
    );
  }

  /** Who carries what of the subscription, and what nobody does. */
  capacity(): Capacity {
    return capacityReport(this.deps);
  }

  /** Every chain's ATM as it stands. */
  atms(): StoredAtm[] {
    return [...this.deps.board.all()].flatMap((chain): StoredAtm[] => {
      const { skeleton, spotSlot, strikesPaise } = chain.slots;
      const { atmPaise, anchorIndex } = chain.atmNow();
      if (anchorIndex < 0) return [];
      return [
        {
          exchange: skeleton.exchange,
          symbol: skeleton.symbol,
          expiry: skeleton.expiry,
          ltpPaise: chain.store.ltpPaise[spotSlot] ?? 0,
          ltpMs: chain.store.receivedMs[spotSlot] ?? 0,
          atmPaise,
          anchorPaise: strikesPaise[anchorIndex] ?? 0,
        },
      ];
    });
  }

  /** Every chain of an exchange as it stands, as the end of a trading day. */
  dayEnds(exchange: string, tradingDay: string): StoredDayEnd[] {
    const { board, clock, source } = this.deps;
    const chains = [...board.all()].filter((one) => one.slots.skeleton.exchange === exchange);
    return chains.map((chain) => {
      this.look(chain);
      const { exchange: name, symbol, expiry } = chain.slots.skeleton;
      const taken = { takenMs: clock.wallMs(), chain: chainJson(chain, { ...source }) };
      return { tradingDay, exchange: name, symbol, expiry, ...taken };
    });
  }

  /** Takes what has changed; at once when the generation is new, of which nothing is priced yet. */
  private look(chain: LiveChain): void {
    const mono = this.deps.clock.monoMs();
    const generation = chain.generation.number;
    const last = this.looked.get(chain);
    if (last?.generation === generation && mono - last.mono < readRefreshMs) return;
    this.looked.set(chain, { mono, generation });
    chain.refresh(this.deps.board.isStale(chain), this.deps.clock.wallMs());
  }

  private underlying(symbol: string): PlannedUnderlying {
    const { underlyings } = this.deps.plan();
    const found = underlyings.find(({ row }) => row.symbol === symbol);
    if (found) return found;
    throw new StrikewireError({
      kind: 'not_found',
      code: 'underlying_unknown',
      message: `underlying was "${symbol}", needs one of those served`,
      details: { field: 'underlying', served: underlyings.map(({ row }) => row.symbol) },
    });
  }

  private chainState(underlying: PlannedUnderlying, planned: PlannedChain): ChainState {
    const chain = this.deps.board.find(chainKey(underlying.row, planned.expiry));
    const { skeleton } = planned;
    const liveness = chain?.liveness();
    const tickMono = liveness?.tickMonoMs ?? -Infinity;
    const rest = this.deps.requests.ageOf(chainKey(underlying.row, planned.expiry));
    return {
      expiry: planned.expiry,
      class: planned.class,
      state: planned.state,
      reason: planned.reason,
      strikeCount: skeleton?.strikes.length ?? 0,
      shortfall: (skeleton?.shortfall ?? 0) + (skeleton?.incompletePaise.length ?? 0),
      liveCount: liveness?.liveCount ?? 0,
      atmOutsideWindow: chain?.atmNow().isOutsideWindow ?? false,
      stale: chain ? this.deps.board.isStale(chain) : true,
      tickAgeMs: tickMono === -Infinity ? null : Math.round(this.deps.clock.monoMs() - tickMono),
      restOnlyCount: chain ? this.deps.board.restOnlyOf(chain) : 0,
      restAgeMs: rest.ageMs,
      restBoundMs: rest.boundMs,
    };
  }
}

function rupeesOrNull(paise: number | undefined): number | null {
  return paise === undefined ? null : paise / 100;
}

function notKept(underlying: PlannedUnderlying, expiry: string): StrikewireError {
  const isListed = underlying.listed.some((one) => one.expiry === expiry);
  return new StrikewireError({
    kind: 'not_found',
    code: isListed ? 'expiry_not_kept' : 'expiry_not_listed',
    message: `expiry was ${expiry}, needs one of those kept for ${underlying.row.symbol}`,
    details: { field: 'expiry', kept: underlying.chains.map((chain) => chain.expiry) },
  });
}

function notBuilt(
  underlying: PlannedUnderlying,
  planned: PlannedChain | undefined,
): StrikewireError {
  const what = `${underlying.row.symbol}${planned ? ` ${planned.expiry}` : ''}`;
  const reason = planned?.reason ?? underlying.reason ?? 'it is being built';
  return new StrikewireError({
    kind: 'retryable',
    code: 'chain_not_built',
    message: `the chain of ${what} is not built yet: ${reason}`,
    details: { field: planned ? 'expiry' : 'underlying', reason },
  });
}
