import { indiaDateOf, type ContractKey } from '@strikewire/contracts';
import { errorMessageOf, type Timer } from '@strikewire/runtime';
import type { OrderFloor } from './order-floor';

const holder = 'orders';
/** What comes and goes within this is looked at once. */
const gatherMs = 1_000;
/** Whatever expires is let go within this. */
const lookMs = 3_600_000;

/**
 * Contracts of live positions, and of orders that something is still expected of, stay known and
 * live whoever looks at them: a future lies in no chain, an option may leave its chain's window,
 * and what has no name any more could be neither closed nor told from what the broker holds. Paper
 * holds its own.
 */
export class ContractHold {
  private readonly floor: OrderFloor;
  private held = '';
  private gathering: Timer | undefined;
  private timer: Timer | undefined;
  private isStopped = false;

  constructor(floor: OrderFloor) {
    this.floor = floor;
  }

  start(): void {
    this.floor.onOrder(() => this.plan());
    this.floor.onMoved(() => this.plan());
    this.look();
  }

  stop(): void {
    this.isStopped = true;
    this.gathering?.cancel();
    this.timer?.cancel();
  }

  private plan(): void {
    if (this.isStopped) return;
    this.gathering ??= this.floor.deps.clock.after(gatherMs, () => {
      this.gathering = undefined;
      this.hold();
    });
  }

  private look(): void {
    this.hold();
    this.timer = this.floor.deps.clock.after(lookMs, () => this.look());
  }

  private hold(): void {
    const { contracts, log } = this.floor.deps;
    const keys = this.wanted();
    if (keys.join() === this.held) return;
    try {
      contracts.hold(holder, keys);
      this.held = keys.join();
    } catch (error) {
      const reason = errorMessageOf(error);
      log.error('contracts of live accounts cannot be kept live', { count: keys.length, reason });
    }
  }

  private wanted(): ContractKey[] {
    const { floor } = this;
    const today = indiaDateOf(floor.deps.clock.wallMs());
    const keys = new Set<ContractKey>();
    for (const account of floor.accounts.filter((one) => !one.startsWith('paper:'))) {
      const ledger = floor.ledger(account);
      for (const { key, netQuantity } of ledger.positions) {
        const isOver = (ledger.factsOf(key)?.expiry ?? today) < today;
        if (netQuantity !== 0 && !isOver) keys.add(key);
      }
      for (const { record: { facts } } of floor.unfinished(account)) {
        if (facts.expiry >= today) keys.add(facts.key);
      }
    }
    return [...keys].sort();
  }
}
