import type { Timer } from '@strikewire/runtime';
import { isLive } from '../core/order-life';
import type { OrderFloor } from './order-floor';
import type { OrderVenue } from './order-venue';

const roundMs = 1_000;
/** Between two readings while an order rests: what is told may be lost, or not be told at all. */
const readEveryMs = { told: 20_000, untold: 4_000 } as const;

/**
 * Reads the books of live accounts while orders rest there, so that a fill is noticed without a
 * word from the broker; tells people when a broker refuses to tell by itself.
 */
export class BookWatch {
  private readonly floor: OrderFloor;
  private readonly told = new Map<string, string>();
  private readonly since = new Map<string, number>();
  private timer: Timer | undefined;

  constructor(floor: OrderFloor) {
    this.floor = floor;
  }

  start(): void {
    this.round();
  }

  stop(): void {
    this.timer?.cancel();
  }

  private round(): void {
    const resting = new Set(this.floor.all
      .filter(({ state }) => isLive(state) && state.dayEndedMs === null)
      .map(({ state }) => state.account));
    for (const venue of this.floor.venues.all) {
      if (venue.mode !== 'live' || this.floor.venues.unreachable(venue.account)) continue;
      const { isTelling, refusal } = venue.feed?.() ?? { isTelling: false, refusal: null };
      this.tell(venue, refusal);
      const everyMs = isTelling ? readEveryMs.told : readEveryMs.untold;
      const restsMs = this.restsMs(venue.account, resting.has(venue.account));
      const isDue = Math.min(restsMs, this.floor.bookAgeMs(venue.account)) >= everyMs;
      if (isDue) this.floor.look(venue.account);
    }
    this.timer = this.floor.deps.clock.after(roundMs, () => this.round());
  }

  /** How long orders have rested there; 0: none does. */
  private restsMs(account: string, isResting: boolean): number {
    const now = this.floor.deps.clock.monoMs();
    if (!isResting) this.since.delete(account);
    else if (!this.since.has(account)) this.since.set(account, now);
    return now - (this.since.get(account) ?? now);
  }

  /** Once, until it is another or is over. */
  private tell({ account, label }: OrderVenue, refusal: string | null): void {
    if (refusal === null) {
      this.told.delete(account);
      return;
    }
    if (this.told.get(account) === refusal) return;
    this.told.set(account, refusal);
    this.floor.notify({
      kind: 'orders.feed_refused',
      severity: 'warning',
      title: `Order updates of ${label} are refused`,
      text: `${refusal}. Its book is read every few seconds while orders are open`,
      key: `${account} ${refusal}`,
    });
  }
}
