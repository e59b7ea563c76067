import type { OrderTicket } from '@strikewire/contracts';
import { checkChange, type CheckChange } from './change-check';
import { both, dropping, type FundsClaim } from './funds-claims';
import type { MarginCheck } from './margin-check';
import { refuse } from './order-access';
import type { OrderDeskTurns } from './order-desk-turns';
import type { PlanDeps, PlannedLeg } from './order-plan';
import type { OrderVenue } from './order-venue';

/** What changes are checked with. */
export interface ChangeDesk {
  margin: MarginCheck;
  planDeps: PlanDeps;
  plan(venue: OrderVenue, tickets: readonly OrderTicket[]): PlannedLeg[];
}

/**
 * What an order claims of the funds once it is dearer, or larger; undefined: it is neither. Margin
 * is asked in the turn of its account.
 * @throws StrikewireError `denied` with what is wrong with the change.
 */
export async function claimChange(
  desk: ChangeDesk,
  placing: OrderDeskTurns,
  [track, venue, change]: Parameters<CheckChange>,
): Promise<FundsClaim | undefined> {
  const { margin, planDeps } = desk;
  refuse(checkChange(planDeps, track, change));
  const { facts, state } = track.record;
  const more = (change.quantity ?? 0) - state.quantity;
  if (more <= 0) return margin.claimDearer(venue, state, change);
  const { side, product } = state.order;
  const ticket: OrderTicket = {
    contract: facts.key, side, product, type: 'LIMIT', quantity: more,
  };
  return placing.run(venue.account, async () => {
    const dearer = margin.claimDearer(venue, state, change);
    const legs = desk.plan(venue, [ticket]);
    const { claim } = await margin.claim(venue, legs).catch(dropping(dearer));
    return both(dearer, claim);
  });
}
