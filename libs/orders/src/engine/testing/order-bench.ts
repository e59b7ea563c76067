import type { OrderTicket } from '@strikewire/contracts';
import type { MarginAnswer, MarginDesk, MarginQuestion } from '@strikewire/margin/engine';
import type { ContractDesk, ContractFacts, ContractReading }
  from '@strikewire/option-chain/engine';
import { createSeededRandom, silentLog, type SecureRandom } from '@strikewire/runtime';
import { createVirtualClock, type VirtualClock } from '@strikewire/runtime/virtual';
import { createCalendar, type TradingHoursCalendar } from '@strikewire/trading-hours';
import { tradingHoursPresets } from '@strikewire/trading-hours/presets';
import type { Asker } from '../asker';
import { openOrderDesk, type OpenedOrders } from '../open-order-desk';
import type { OrderDeskDeps, OrderNotice } from '../order-floor-deps';
import { MemoryJournal } from './memory-journal';
import { ScriptedVenue } from './scripted-venue';

/** Wednesday, 10:00 in India, in the session. */
export const benchStartMs = Date.parse('2026-11-25T10:00:00+05:30');
export const call24500 = 'NSE:NIFTY:2026-12-01:24500:CE';
export const put24500 = 'NSE:NIFTY:2026-12-01:24500:PE';

export const trader: Asker = { userId: 'u1', name: 'asha', role: 'trader', by: 'asha' };
export const admin: Asker = { userId: 'a1', name: 'admin', role: 'admin', by: 'admin' };

/** A ticket for one lot, with whatever a test wants otherwise. */
export function ticket(more: Partial<OrderTicket> = {}): OrderTicket {
  return {
    contract: call24500, side: 'BUY', type: 'LIMIT', product: 'carry', quantity: 65, price: 100,
    ...more,
  };
}

/** An id of a request, by its number. */
export function requestId(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

function factsOf(key: string): ContractFacts | undefined {
  const [exchange, underlying, expiry, strike, kind] = key.split(':');
  if (exchange !== 'NSE' || underlying !== 'NIFTY' || expiry !== '2026-12-01') return undefined;
  return {
    key, exchange, underlying, underlyingKind: 'index', expiry,
    kind: kind === 'PE' ? 'PE' : 'CE',
    strikePaise: Number(strike) * 100,
    symbol: key, lotSize: 65, tickPaise: 5, freezeQuantity: 1_756,
  };
}

/** Quotes that a test sets, and one that counts who watches. */
export class BenchContracts implements ContractDesk {
  readonly watchers = new Set<(keys: readonly string[]) => void>();
  /** What is kept live, by who wants it. */
  readonly held = new Map<string, readonly string[]>();
  bidPaise = 9_990;
  askPaise = 10_000;
  quantity = 10_000;
  isStale = false;
  private readonly clock: VirtualClock;

  constructor(clock: VirtualClock) {
    this.clock = clock;
  }

  find(key: string): ContractFacts | undefined {
    return factsOf(key);
  }

  read(key: string): ContractReading | undefined {
    if (!factsOf(key)) return undefined;
    const { quantity, isStale } = this;
    const level = (pricePaise: number): ContractReading['bids'][number] =>
      ({ pricePaise, quantity, orders: 1 });
    return {
      key, isStale,
      bids: [level(this.bidPaise)],
      asks: [level(this.askPaise)],
      ltpPaise: this.askPaise, tradedMs: 0, lastQuantity: 0, volume: 0,
      previousClosePaise: null, spotPaise: 2_450_000, iv: 0.12, delta: 0.5,
      confirmedMs: this.clock.wallMs(), receivedMs: this.clock.wallMs(), version: '1',
    };
  }

  tokenOf(key: string): { segment: string; id: string } {
    return { segment: 'FNO', id: key };
  }

  keyOf({ id }: { segment: string; id: string }): string {
    return id;
  }

  watch(_keys: readonly string[], changed: (keys: readonly string[]) => void): () => void {
    this.watchers.add(changed);
    return () => void this.watchers.delete(changed);
  }

  hold(holder: string, keys: readonly string[]): void {
    this.held.set(holder, keys);
  }

  /** The market moves, and whoever watches is told. */
  tick(pricePaise: number): void {
    this.askPaise = pricePaise;
    this.bidPaise = pricePaise - 10;
    for (const changed of this.watchers) changed([call24500]);
  }
}

/** Lets everything through unless a test says what is needed. */
export class BenchMargin implements MarginDesk {
  requiredPaise: number | null = 1_000;
  availablePaise: number | null = 1_000_000_00;
  /** When the funds were asked for. */
  fundsMs = Infinity;
  isAllowed = true;
  assessed = 0;
  readonly changes: string[] = [];

  look({ intended, claimedSince }: MarginQuestion): MarginAnswer {
    const { requiredPaise, fundsMs } = this;
    const availablePaise = this.availablePaise === null
      ? null : this.availablePaise - (claimedSince?.(fundsMs) ?? 0);
    const isShort = (requiredPaise ?? 0) > (availablePaise ?? Infinity);
    const isAllowed = this.isAllowed && !isShort;
    // Bought legs first: what a hedge is worth is known before what it covers.
    const legs = [...intended].sort((a, b) => b.quantity - a.quantity);
    return {
      before: null, after: null, alone: null, reason: 'a test', broker: null,
      brokerReason: null, availablePaise,
      legOrder: { legs, pathPaise: legs.map(() => 1), peakPaise: 1, isExact: true },
      pre: { isAllowed, requiredPaise, basis: 'estimate', reason: 'a test' },
    };
  }

  moved(): void {}

  assess(question: MarginQuestion): Promise<MarginAnswer> {
    this.assessed += 1;
    return Promise.resolve(this.look(question));
  }

  changed(account: string): void {
    this.changes.push(account);
  }
}

/** Orders over a scripted broker, in virtual time. */
export interface OrderBench {
  clock: VirtualClock;
  journal: MemoryJournal;
  venue: ScriptedVenue;
  contracts: BenchContracts;
  margin: BenchMargin;
  notices: OrderNotice[];
  orders: OpenedOrders;
  deps: OrderDeskDeps;
  /** The platform ends without a word and starts anew. */
  restart(): Promise<void>;
}

/** Ids that are the same for the same seed. */
export function seededSecure(seed: number): SecureRandom {
  const random = createSeededRandom(seed);
  const bytes = (count: number): Uint8Array =>
    Uint8Array.from({ length: count }, () => Math.floor(random.next() * 256));
  const hex = (count: number): string =>
    Array.from(bytes(count), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return {
    bytes,
    uuid: () => `${hex(4)}-${hex(2)}-4${hex(2).slice(1)}-8${hex(2).slice(1)}-${hex(6)}`,
  };
}

const [nse] = tradingHoursPresets;
let calendar: TradingHoursCalendar | undefined;

/** Hours of the exchange. */
export function benchHours(): TradingHoursCalendar {
  if (!nse) throw new Error('no hours come along');
  calendar ??= createCalendar(nse, { from: '2026-11-01', to: '2026-12-31' });
  return calendar;
}

export async function openOrderBench(
  more: Partial<OrderDeskDeps> = {},
  { seed = 1, isLive = true, mode = 'live' }:
    { seed?: number; isLive?: boolean; mode?: 'live' | 'paper' } = {},
): Promise<OrderBench> {
  const clock = createVirtualClock(benchStartMs);
  const journal = new MemoryJournal();
  const account = mode === 'paper' ? 'paper:u1' : 'acc-1';
  const venue = new ScriptedVenue(account, () => clock.wallMs(), mode);
  if (isLive && mode === 'live') journal.live.add(account);
  const contracts = new BenchContracts(clock);
  const margin = new BenchMargin();
  const notices: OrderNotice[] = [];
  const deps: OrderDeskDeps = {
    clock, journal, contracts, margin,
    random: seededSecure(seed),
    log: silentLog,
    venues: () => [venue],
    calendarOf: () => benchHours(),
    notify: (notice) => void notices.push(notice),
    ...more,
  };
  const bench: OrderBench = {
    clock, journal, venue, contracts, margin, notices, deps,
    orders: await openOrderDesk(deps),
    async restart() {
      bench.orders.stop();
      bench.orders = await openOrderDesk(deps);
    },
  };
  return bench;
}
