import type { BrokerOrder } from '@strikewire/broker';
import type { OrderTicket } from '@strikewire/contracts';
import { createSeededRandom, silentLog, type Random } from '@strikewire/runtime';
import { createVirtualClock, type VirtualClock } from '@strikewire/runtime/virtual';
import { isComplete } from '../../core/order-look-up';
import { openOrderDesk, type OpenedOrders } from '../open-order-desk';
import type { OrderJournal } from '../order-journal';
import type { OrderVenue, VenueNews } from '../order-venue';
import {
  BenchContracts,
  BenchMargin,
  benchHours,
  call24500,
  put24500,
  requestId,
  seededSecure,
  ticket,
  trader,
} from './order-bench';
import { engineDoubts } from './engine-doubts';
import { MemoryJournal, type JournalFault } from './memory-journal';
import { ScriptedVenue, type Script } from './scripted-venue';

const startMs = Date.parse('2026-11-25T15:25:00+05:30');
/** After the close, and the time that the last looks take. */
const endMs = Date.parse('2026-11-25T16:20:00+05:30');
const turns = 80;

/** One run of the platform, which ends at once when it ends. */
interface Life {
  isAlive: boolean;
  orders: OpenedOrders | undefined;
}

/** A journal and a venue that only reach whoever still runs. */
function journalOf(journal: MemoryJournal, life: Life): OrderJournal {
  return new Proxy(journal, {
    get(target, name) {
      const found: unknown = Reflect.get(target, name);
      if (typeof found !== 'function') return found;
      return (...given: unknown[]): unknown =>
        life.isAlive
          ? (found as (...all: unknown[]) => unknown).apply(target, given)
          : Promise.reject(new Error('this run is over'));
    },
  });
}

function venueOf(venue: ScriptedVenue, life: Life): OrderVenue {
  const over = new Promise<never>(() => undefined);
  const { orders } = venue;
  const while_ = <T>(work: () => Promise<T>): Promise<T> => {
    if (!life.isAlive) return over;
    // An answer to a run that is over arrives nowhere.
    return work().then((found) => (life.isAlive ? found : over));
  };
  return {
    account: venue.account, label: venue.label, broker: venue.broker, mode: venue.mode,
    traders: venue.traders, rates: venue.rates,
    closedBecause: () => venue.closedBecause(),
    tokenOf: (key) => venue.tokenOf(key),
    keyOf: (token) => venue.keyOf(token),
    listen: (told) => venue.listen(told),
    orders: {
      place: (order) => while_(() => orders.place(order)),
      modify: (id, change) => while_(() => orders.modify(id, change)),
      cancel: (id) => while_(() => orders.cancel(id)),
      orders: () => while_(() => orders.orders()),
      trades: () => while_(() => orders.trades()),
      positions: () => while_(() => orders.positions()),
    },
  };
}

/**
 * A trader's bad minutes before the close: answers are lost, news come late, twice or
 * never, the store fails before and after it has stored, and the platform ends at every step of
 * its protocol. Then everything is fair, and what is doubtful is told.
 */
export class EngineDay {
  readonly journal = new MemoryJournal();
  readonly venue: ScriptedVenue;
  readonly story: string[] = [];
  private readonly clock: VirtualClock;
  private readonly random: Random;
  private readonly seed: number;
  private readonly contracts: BenchContracts;
  private readonly margin = new BenchMargin();
  private life: Life = { isAlive: false, orders: undefined };
  private lives = 0;
  private requests = 0;
  private isFair = false;

  constructor(seed: number) {
    this.seed = seed;
    this.random = createSeededRandom(seed);
    this.clock = createVirtualClock(startMs);
    this.contracts = new BenchContracts(this.clock);
    this.venue = new ScriptedVenue('acc-1', () => this.clock.wallMs());
    this.venue.rates = {
      ...this.venue.rates,
      limits: [
        ...this.venue.rates.limits,
        { name: 'few', limit: 20, windowMs: 30_000, per: 'account' },
      ],
    };
    this.journal.live.add('acc-1');
    this.journal.fault = (what) => this.faultOf(what);
    this.venue.script = (call) => this.scriptOf(call);
    this.venue.failsReading = () => !this.isFair && this.chance(0.3);
  }

  /** Resolves with all that is doubtful at the end. */
  async run(): Promise<string[]> {
    await this.begin();
    for (let turn = 0; turn < turns; turn += 1) {
      await this.clock.advance(Math.floor(this.random.next() * 2_000));
      if (!this.life.isAlive) await this.begin();
      this.act();
    }
    this.isFair = true;
    await this.clock.advance(100);
    if (!this.life.isAlive) await this.begin();
    // What is on its way arrives before the market closes.
    await this.clock.advance(120_000);
    for (const row of [...this.venue.rows.values()]) {
      this.venue.end(row.clientOrderId ?? '', 'expired', false);
    }
    await this.clock.advance(endMs - this.clock.wallMs());
    const orders = this.life.orders;
    if (!orders) return ['no run is left'];
    const doubts = engineDoubts(orders, this.journal, this.venue);
    orders.stop();
    return doubts;
  }

  private async begin(): Promise<void> {
    this.lives += 1;
    const life: Life = { isAlive: true, orders: undefined };
    this.life = life;
    const venue = venueOf(this.venue, life);
    const orders = await openOrderDesk({
      clock: this.clock,
      random: seededSecure(1_000 * this.seed + this.lives),
      log: silentLog,
      journal: journalOf(this.journal, life),
      contracts: this.contracts,
      margin: this.margin,
      venues: () => [venue],
      calendarOf: () => benchHours(),
      notify: () => undefined,
    });
    life.orders = orders;
    // It may have ended while it began.
    if (!life.isAlive) orders.stop();
  }

  /** The platform ends, in the middle of whatever it does. */
  private crash(where: string): void {
    this.story.push(`${this.at()} ends at ${where}`);
    this.life.isAlive = false;
    this.life.orders?.stop();
  }

  private faultOf(what: string): JournalFault {
    const chance = this.isFair ? 1 : this.random.next();
    if (chance < 0.04) {
      this.crash(what);
      return chance < 0.02 ? 'before' : 'after';
    }
    if (chance < 0.08) return chance < 0.06 ? 'before' : 'after';
    return null;
  }

  private scriptOf(call: string): Script {
    const chance = this.isFair ? 1 : this.random.next();
    if (chance < 0.06) {
      this.crash(`the answer to ${call}`);
      return chance < 0.03 ? 'lost_there' : 'ok';
    }
    if (chance < 0.14) return 'lost_back';
    if (chance < 0.2) return 'lost_there';
    if (chance < 0.23) return 'rejected';
    return chance < 0.26 ? 'silent' : 'ok';
  }

  private act(): void {
    const chance = this.random.next();
    if (chance < 0.3) this.place();
    else if (chance < 0.6) this.trade();
    else if (chance < 0.68) this.modify();
    else if (chance < 0.76) this.cancel();
    else if (chance < 0.8) this.exit();
    else if (chance < 0.92) this.gossip();
    else if (chance < 0.95) this.crash('no step at all');
  }

  private place(): void {
    const legs: OrderTicket[] = Array.from({ length: 1 + this.below(3) }, (_, index) => ticket({
      contract: this.chance(0.5) ? call24500 : put24500,
      side: this.chance(0.5) ? 'BUY' : 'SELL',
      quantity: index === 0 && this.chance(0.2) ? 1_820 : 65 * (1 + this.below(4)),
    }));
    // The same request again, as one does that has heard nothing.
    const isAgain = this.requests > 0 && this.chance(0.2);
    if (!isAgain) this.requests += 1;
    const body = { requestId: requestId(this.requests), account: 'acc-1', legs };
    this.tell(`places ${legs.length}`, this.life.orders?.desk.place(trader, body));
  }

  private modify(): void {
    const id = this.someOrder();
    const change = this.chance(0.5)
      ? { price: 100 + this.below(4) * 0.05 }
      : { quantity: 65 * (1 + this.below(5)) };
    this.tell(`modifies ${id}`, this.life.orders?.desk.modify(trader, id, change));
  }

  private cancel(): void {
    const id = this.someOrder();
    this.tell(`cancels ${id}`, this.life.orders?.desk.cancel(trader, id));
  }

  private exit(): void {
    this.requests += 1;
    const body = { requestId: requestId(this.requests), account: 'acc-1' };
    this.tell('exits', this.life.orders?.desk.exit(trader, body));
  }

  /** Something is filled or ends at the broker, which tells of it or does not. */
  private trade(): void {
    const row = this.someRow();
    if (!row?.clientOrderId) return;
    const isTold = this.chance(0.6);
    if (this.chance(0.1)) this.venue.end(row.clientOrderId, 'cancelled', isTold);
    else {
      const pricePaise = 9_900 + 5 * this.below(40);
      this.venue.fill(row.clientOrderId, 65 * (1 + this.below(3)), pricePaise, isTold);
    }
  }

  /** News come again, late, or say nothing but that one should look. */
  private gossip(): void {
    const row = this.someRow();
    if (!row) return;
    const late = this.chance(0.5) ? this.below(9_000) : 0;
    const trade = this.venue.book[this.below(this.venue.book.length)];
    const all: VenueNews[] = [
      { kind: 'row', row },
      { kind: 'look', brokerOrderId: row.brokerOrderId },
      { kind: 'look', brokerOrderId: null },
    ];
    if (trade) all.push({ kind: 'trade', trade }, { kind: 'trade', trade });
    const news = all[this.below(all.length)];
    if (news) this.clock.after(late, () => this.venue.tell(news));
  }

  private someRow(): BrokerOrder | undefined {
    const rows = [...this.venue.rows.values()];
    return rows[this.below(rows.length)];
  }

  private someOrder(): string {
    const all = this.life.orders?.floor.all.filter(({ state }) => !isComplete(state)) ?? [];
    return all[this.below(all.length)]?.id ?? 'nothing';
  }

  private tell(what: string, work: Promise<unknown> | undefined): void {
    this.story.push(`${this.at()} ${what}`);
    work?.catch(() => undefined);
  }

  private at(): string {
    return `${(this.clock.wallMs() - startMs) / 1_000} s:`;
  }

  private chance(share: number): boolean {
    return this.random.next() < share;
  }

  private below(count: number): number {
    return Math.floor(this.random.next() * count);
  }
}
