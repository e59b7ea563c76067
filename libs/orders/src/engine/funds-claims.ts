import type { Clock } from '@strikewire/runtime';
import { hasEnded, type OrderState } from '../core/order-life';
import type { OrderTrack } from './order-track';

/** What became of that which funds were claimed for; `none`: nothing is blocked by it. */
export type ClaimFate = 'open' | 'taken' | 'none';

/** Funds that a request was let through on. */
export interface FundsClaim {
  /** Whether it is still on its way is told by this from now on. */
  follow(fate: () => ClaimFate): void;
  /** It was not made after all. */
  drop(): void;
}

interface Held {
  paise: number;
  fate: (() => ClaimFate) | undefined;
  /** When it was heard that the broker has it. */
  takenMs: number | null;
}

/**
 * Claims of one account beside each other. Where funds are known these have to be read first then;
 * where they are not, the oldest that the broker has taken is let go of.
 */
export const claimsMax = 200;

/**
 * What was let through on funds that do not know of it yet: requests on their way, and those that
 * the broker has taken since it told its funds. So two that come quickly one after the other
 * cannot both pass on the same money.
 */
export class FundsClaims {
  private readonly clock: Pick<Clock, 'wallMs'>;
  private readonly held = new Map<string, Set<Held>>();
  private opened = 0;

  constructor(clock: Pick<Clock, 'wallMs'>) {
    this.clock = clock;
  }

  /** Another number once more was claimed. */
  get version(): number {
    return this.opened;
  }

  isFull(account: string): boolean {
    return this.of(account).size >= claimsMax;
  }

  open(account: string, paise: number): FundsClaim {
    const one: Held = { paise, fate: undefined, takenMs: null };
    const all = this.of(account);
    const oldest = [...all].find(({ takenMs }) => takenMs !== null);
    if (all.size >= claimsMax && oldest) all.delete(oldest);
    this.held.set(account, all.add(one));
    this.opened += 1;
    return Object.assign(one, {
      follow: (fate: () => ClaimFate) => {
        one.fate = fate;
        this.update(account);
      },
      drop: () => void all.delete(one),
    });
  }

  /** Orders of the account are others. */
  update(account: string): void {
    const all = this.of(account);
    for (const one of all) {
      const fate = one.fate?.() ?? 'open';
      if (fate === 'none') all.delete(one);
      else if (fate === 'taken') one.takenMs ??= this.clock.wallMs();
    }
  }

  /**
   * Paise beside funds that were asked for at `fundsMs`, without one's own; what these funds
   * include is let go of.
   */
  sumOf(account: string, fundsMs: number, own?: FundsClaim): number {
    this.update(account);
    const all = this.of(account);
    for (const one of all) if (one.takenMs !== null && fundsMs > one.takenMs) all.delete(one);
    return [...all].reduce((sum, one) => sum + (Object.is(one, own) ? 0 : one.paise), 0);
  }

  private of(account: string): Set<Held> {
    return this.held.get(account) ?? new Set();
  }
}

/** Of orders: `none` once all have ended without a fill. */
export function fateOfOrders(tracks: readonly OrderTrack[]): ClaimFate {
  const states = tracks.map(({ state }) => state);
  // What nobody can explain after its day blocks nothing that funds asked for now do not know.
  const isOpen = ({ status, dayEndedMs }: OrderState): boolean =>
    dayEndedMs === null && ['intended', 'sending', 'unknown'].includes(status);
  if (states.some(isOpen)) return 'open';
  return states.every((one) => hasEnded(one) && one.filledQuantity === 0) ? 'none' : 'taken';
}

/** Of a modification. */
export function fateOfChange({ state }: OrderTrack, requestId: string): ClaimFate {
  const { modify } = state;
  if (hasEnded(state) && state.filledQuantity === 0) return 'none';
  if (modify?.requestId !== requestId) return 'taken';
  if (modify.status === 'rejected' || modify.status === 'denied') return 'none';
  return modify.status === 'accepted' || modify.status === 'lapsed' ? 'taken' : 'open';
}

/** Two as one. */
export function both(one: FundsClaim, other: FundsClaim): FundsClaim {
  return {
    follow(fate) {
      one.follow(fate);
      other.follow(fate);
    },
    drop() {
      one.drop();
      other.drop();
    },
  };
}

/** For what failed after it was let through: nothing is claimed any more. */
export function dropping(claim: FundsClaim | undefined): (error: unknown) => never {
  return (error) => {
    claim?.drop();
    throw error;
  };
}
