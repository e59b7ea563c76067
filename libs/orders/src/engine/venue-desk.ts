import type { Log } from '@strikewire/runtime';
import { mayTrade, type Asker } from './asker';
import type { OrderVenue, VenueNews } from './order-venue';

/** What a desk of venues needs. */
export interface VenueDeskDeps {
  log: Log;
  /** Those that are there now; asked at each question. */
  venues(): readonly OrderVenue[];
  /** The paper account of a person, made if need be; undefined: there is no paper market. */
  paperOf?(userId: string): OrderVenue | undefined;
  heard(account: string, news: VenueNews): void;
}

interface Ear {
  venue: OrderVenue;
  stop(): void;
}

/** Where orders go, who may send them there, and which live accounts are switched on. */
export class VenueDesk {
  private readonly deps: VenueDeskDeps;
  private readonly live = new Set<string>();
  private readonly ears = new Map<string, Ear>();

  constructor(deps: VenueDeskDeps) {
    this.deps = deps;
  }

  get all(): readonly OrderVenue[] {
    return this.deps.venues();
  }

  find(account: string): OrderVenue | undefined {
    const found = this.all.find((venue) => venue.account === account);
    if (found) return found;
    if (!account.startsWith('paper:')) return undefined;
    return this.deps.paperOf?.(account.slice('paper:'.length));
  }

  /** Those that somebody may trade; one's own paper account is among them. */
  of(asker: Pick<Asker, 'userId' | 'role'>): OrderVenue[] {
    const own = this.find(`paper:${asker.userId}`);
    const all = own && !this.all.includes(own) ? [own, ...this.all] : this.all;
    return all.filter((venue) => mayTrade(asker, venue));
  }

  setLive(account: string, isLive: boolean): void {
    if (isLive) this.live.add(account);
    else this.live.delete(account);
  }

  isLive(account: string): boolean {
    return this.live.has(account);
  }

  /** Why a venue takes no orders; null: it does. */
  closedBecause(venue: OrderVenue): string | null {
    if (venue.mode === 'live' && !this.live.has(venue.account)) {
      return `live orders are switched off for ${venue.label}`;
    }
    return venue.closedBecause();
  }

  /** Why nothing, a cancellation neither, can be sent for an account; null: it can. */
  unreachable(account: string): { code: string; reason: string } | null {
    const venue = this.find(account);
    if (!venue) return { code: 'account_gone', reason: 'the account is not there any more' };
    const reason = venue.unreachable?.() ?? null;
    return reason === null ? null : { code: 'account_off', reason };
  }

  /** Hears the venues that are there now, and no others; those that are new are told. */
  listen(): string[] {
    const venues = new Map(this.all.map((venue) => [venue.account, venue]));
    for (const [account, ear] of this.ears) {
      if (venues.get(account) === ear.venue || account.startsWith('paper:')) continue;
      ear.stop();
      this.ears.delete(account);
    }
    return [...venues.values()].filter((venue) => this.hear(venue)).map(({ account }) => account);
  }

  /** Hears one venue; false: it was heard already. */
  hear(venue: OrderVenue): boolean {
    const { account } = venue;
    const known = this.ears.get(account);
    if (known?.venue === venue) return false;
    known?.stop();
    this.ears.set(account, {
      venue,
      stop: venue.listen((news) => this.deps.heard(account, news)),
    });
    return true;
  }

  stop(): void {
    for (const { stop } of this.ears.values()) stop();
    this.ears.clear();
  }
}
