import { indiaDateOf, indiaInstant } from '@strikewire/contracts';
import { isComplete } from '../core/order-look-up';
import { BookWatch } from './book-watch';
import { ContractHold } from './contract-hold';
import { DayEnds } from './day-ends';
import { KillSwitch } from './kill-switch';
import { OrderDesk } from './order-desk';
import { OrderFloor } from './order-floor';
import type { OrderDeskDeps } from './order-floor-deps';
import { PositionActs } from './position-acts';
import { PositionCheck } from './position-check';

/** Orders at work. */
export interface OpenedOrders {
  floor: OrderFloor;
  desk: OrderDesk;
  kill: KillSwitch;
  /** What people do about positions that are others at the broker. */
  acts: PositionActs;
  /** The accounts are others, or were made anew: new ones are heard and read. */
  venuesChanged(): void;
  stop(): void;
}

/** The longest window of any rate. */
const ratesMs = 86_400_000;

/**
 * Reads what was kept and goes on: what was never sent is denied, everything else that has not
 * ended is looked up in the broker's book. Rejects when the store cannot be read: without it
 * nobody knows what has been sent.
 */
export async function openOrderDesk(deps: OrderDeskDeps): Promise<OpenedOrders> {
  const floor = new OrderFloor(deps);
  const desk = new OrderDesk(floor);
  const kill = new KillSwitch(floor, desk);
  const positions = new PositionCheck(floor);
  const days = new DayEnds(floor);
  const books = new BookWatch(floor);
  const holds = new ContractHold(floor);
  const nowMs = deps.clock.wallMs();
  const contents = await deps.journal.load(indiaInstant(indiaDateOf(nowMs), 0), nowMs - ratesMs);
  floor.restore(contents);
  for (const account of contents.liveAccounts) floor.venues.setLive(account, true);
  floor.venues.listen();
  const unfinished = floor.all.filter(({ state }) => !isComplete(state));
  for (const track of unfinished) track.hear({ type: 'restarted' });
  holds.start();
  kill.restore(contents.kill);
  days.start();
  books.start();
  const venuesChanged = (): void => {
    for (const account of floor.venues.listen()) {
      if (floor.unfinished(account).length > 0) floor.look(account);
      positions.plan(account);
    }
  };
  for (const { account } of floor.venues.all) positions.plan(account);
  for (const account of floor.accounts) {
    // A settlement may have come while nobody listened.
    if (account.startsWith('paper:')) floor.look(account);
  }
  return {
    floor,
    desk,
    kill,
    acts: new PositionActs(floor, desk.access, positions),
    venuesChanged,
    stop() {
      days.stop();
      books.stop();
      holds.stop();
      kill.stop();
      positions.stop();
      floor.stop();
    },
  };
}
