import { StrikewireError } from '@strikewire/runtime';
import { accountOf, isLeftTo, mayTrade, type Asker } from './asker';
import type { OrderFloor } from './order-floor';
import type { LegProblem } from './order-plan';
import type { OrderTrack } from './order-track';
import type { OrderVenue } from './order-venue';

/** Who may send orders where. */
export class OrderAccess {
  private readonly floor: OrderFloor;

  constructor(floor: OrderFloor) {
    this.floor = floor;
  }

  /** The venue of an account, for whoever may trade it. */
  venue(asker: Asker, account: string): OrderVenue {
    const venue = this.floor.venues.find(accountOf(asker, account));
    if (!venue) {
      const message = `there is no account ${account} that orders can go to`;
      throw new StrikewireError({ kind: 'not_found', code: 'account_unknown', message });
    }
    if (mayTrade(asker, venue)) return venue;
    const message = `${venue.label} is not among the accounts that ${asker.name} may trade`;
    throw new StrikewireError({ kind: 'forbidden', code: 'account_forbidden', message });
  }

  /** An order of an account that somebody may trade; admins settle what a gone account left. */
  async reach(
    asker: Asker,
    id: string,
  ): Promise<{ track: OrderTrack; venue: OrderVenue | undefined }> {
    const track = this.floor.find(id);
    const venue = track && this.floor.venues.find(track.state.account);
    const may = venue ? mayTrade(asker, venue) : isLeftTo(asker, track?.state.account ?? '');
    if (track && may) return { track, venue };
    const old = track ? undefined : await this.floor.deps.journal.find(id);
    if (old && old.state.account === accountOf(asker, 'paper')) {
      throw deniedError('order_ended', `order ${id} is of an earlier day`);
    }
    const message = `there is no order ${id.slice(0, 40)} that ${asker.name} may change`;
    throw new StrikewireError({ kind: 'not_found', code: 'order_unknown', message });
  }

  /** Accounts that take orders now. */
  openVenue(asker: Asker, account: string): OrderVenue {
    const venue = this.venue(asker, account);
    this.refuseClosed(venue);
    return venue;
  }

  /** @throws StrikewireError `denied` while nothing may be sent there. */
  refuseClosed(venue: OrderVenue): void {
    const killed = this.floor.gate.blockedBy({ passesKill: false });
    if (killed !== null) throw deniedError('kill_switch', killed);
    const closed = this.floor.venues.closedBecause(venue);
    if (closed !== null) throw deniedError('account_closed', closed);
  }
}

/** A refusal of what was never sent. */
export function deniedError(
  code: string,
  message: string,
  details?: Record<string, unknown>,
): StrikewireError {
  return new StrikewireError({
    kind: 'denied', code, message, ...(details === undefined ? {} : { details }),
  });
}

/** @throws StrikewireError `denied` with all that is wrong, when anything is. */
export function refuse(problems: readonly LegProblem[]): void {
  const [first] = problems;
  if (!first) return;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  throw deniedError(first.code, `${first.message}${more}`, { problems });
}

/** What an order itself had against an event, as an error. */
export function refusalOf(effects: readonly { type: string }[]): StrikewireError {
  const found = effects.find((one): one is { type: 'illegal'; code: string; message: string } =>
    one.type === 'illegal');
  return deniedError(found?.code ?? 'nothing_changes', found?.message ?? 'nothing would change');
}

