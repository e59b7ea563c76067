import type { BrokerOrder, OrderOutcome, OrderRequest } from '@strikewire/broker';
import type { ContractKey } from '@strikewire/contracts';
import type { OrderVenue, VenueNews } from '@strikewire/orders/engine';
import { silentLog } from '@strikewire/runtime';
import { createVirtualClock, type VirtualClock } from '@strikewire/runtime/virtual';
import { createMemoryPaperStore } from '../memory-paper-store';
import { createPaperMarket, type PaperMarket } from '../paper-market';
import type { PaperFacts } from '../paper-facts';
import type { PaperContracts, PaperMarketDeps, PaperReading, PaperStore } from '../paper-ports';
import { paperToken } from '../paper-record';

/** Tuesday 2026-11-24, the day of its expiry; the segment closes at 15:40. */
export const stageExpiry = '2026-11-24';
export const callKey = `NSE:NIFTY:${stageExpiry}:24500:CE`;
export const farCallKey = 'NSE:NIFTY:2026-12-29:24500:CE';
export const futureKey = `NSE:NIFTY:${stageExpiry}:FUT`;

const closeText = 'T15:40:00+05:30';
const openText = 'T09:15:00+05:30';

/** Contracts whose market a test makes. */
export class StageContracts implements PaperContracts {
  readonly facts = new Map<ContractKey, PaperFacts>();
  held: readonly ContractKey[] = [];
  private readonly readings = new Map<ContractKey, PaperReading>();
  private readonly watchers = new Set<{ keys: readonly ContractKey[]; changed(): void }>();
  private readonly clock: VirtualClock;

  constructor(clock: VirtualClock) {
    this.clock = clock;
    for (const key of [callKey, farCallKey, futureKey]) {
      const [, , expiry = '', strike = '', kind] = key.split(':');
      this.facts.set(key, {
        key, exchange: 'NSE', underlying: 'NIFTY', expiry,
        kind: kind === undefined ? 'FUT' : 'CE',
        strikePaise: kind === undefined ? 0 : Number(strike) * 100,
        lotSize: 65, tickPaise: 5, freezeQuantity: 1_755,
      });
      this.show(key, {});
    }
  }

  get watchCount(): number {
    return this.watchers.size;
  }

  find(key: ContractKey): PaperFacts | undefined {
    return this.facts.get(key);
  }

  read(key: ContractKey): PaperReading | undefined {
    const reading = this.readings.get(key);
    return reading && { ...reading, confirmedMs: this.clock.wallMs() };
  }

  watch(keys: readonly ContractKey[], changed: () => void): () => void {
    const watcher = { keys, changed };
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  hold(_holder: string, keys: readonly ContractKey[]): void {
    this.held = keys;
  }

  /** Another book, or a print; whoever watches is told. */
  show(key: ContractKey, change: Partial<PaperReading>): void {
    const before = this.readings.get(key) ?? {
      bids: [{ pricePaise: 9_990, quantity: 130 }, { pricePaise: 9_980, quantity: 260 }],
      asks: [{ pricePaise: 10_000, quantity: 130 }, { pricePaise: 10_010, quantity: 260 }],
      ltpPaise: 10_000, tradedMs: 0, lastQuantity: 65, volume: 1_000,
      spotPaise: 2_455_000, iv: 0.12, confirmedMs: 0,
    };
    this.readings.set(key, { ...before, ...change });
    for (const { keys, changed } of [...this.watchers]) if (keys.includes(key)) changed();
  }

  /** A trade is printed. */
  print(key: ContractKey, ltpPaise: number, quantity: number): void {
    const volume = (this.readings.get(key)?.volume ?? 0) + quantity;
    this.show(key, {
      ltpPaise, lastQuantity: quantity, volume, tradedMs: this.clock.wallMs(),
    });
  }
}

/** A paper market over contracts of a test, on a virtual clock. */
export interface PaperStage {
  clock: VirtualClock;
  contracts: StageContracts;
  store: PaperStore;
  market: PaperMarket;
  venue: OrderVenue;
  news: VenueNews[];
  /** Ends the market and opens another one over the same store. */
  restart(store?: PaperStore): Promise<void>;
  place(order: Partial<OrderRequest>): Promise<OrderOutcome>;
  row(clientOrderId: string): Promise<BrokerOrder | undefined>;
}

export async function createPaperStage(
  options: Partial<PaperMarketDeps> & { startMs?: number } = {},
): Promise<PaperStage> {
  const { startMs, ...deps } = options;
  const clock = createVirtualClock(startMs ?? Date.parse(`${stageExpiry}T10:00:00+05:30`));
  const contracts = new StageContracts(clock);
  let number = 0;
  const stage: PaperStage = {
    clock,
    contracts,
    store: deps.store ?? createMemoryPaperStore(),
    market: undefined as never,
    venue: undefined as never,
    news: [],
    async restart(store = stage.store) {
      stage.market?.stop();
      stage.store = store;
      stage.market = open(stage, deps);
      await stage.market.start();
      stage.venue = stage.market.venueOf('u1');
      stage.venue.listen((news) => stage.news.push(news));
    },
    async place(order) {
      const placing = stage.venue.orders.place({
        clientOrderId: `c${++number}`, token: paperToken(callKey), side: 'BUY', type: 'LIMIT',
        product: 'carry', validity: 'DAY', quantity: 65,
        limitPaise: order.type === 'MARKET' || order.type === 'SL-M' ? null : 10_000,
        triggerPaise: null, ...order,
      });
      await clock.advance(100);
      return placing;
    },
    async row(clientOrderId) {
      const rows = await stage.venue.orders.orders();
      return rows.find((one) => one.clientOrderId === clientOrderId);
    },
  };
  await stage.restart();
  return stage;
}

function open(
  { clock, contracts, store }: PaperStage,
  deps: Partial<PaperMarketDeps>,
): PaperMarket {
  return createPaperMarket({
    clock,
    log: silentLog,
    contracts,
    calendar: {
      isOpen: (_exchange, atMs) => {
        const date = new Date(atMs + 19_800_000).toISOString().slice(0, 10);
        return atMs >= Date.parse(`${date}${openText}`) && atMs < Date.parse(`${date}${closeText}`);
      },
      closeMs: (_exchange, date) => Date.parse(`${date}${closeText}`),
    },
    // A tenth of what is short, and of futures: nothing of an exchange's.
    blockedFor: (_account, held) => held.reduce((sum, { facts, quantity }) =>
      sum + (facts.kind === 'FUT' || quantity < 0 ? Math.abs(quantity) * 250_000 : 0), 0),
    ...deps,
    store,
  });
}
