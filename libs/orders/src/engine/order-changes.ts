import type { OrderChangeBody, OrderSettle } from '@strikewire/contracts';
import { hasEnded, isUnderWay, type OrderState } from '../core/order-life';
import { isComplete } from '../core/order-look-up';
import type { Asker } from './asker';
import type { CheckChange } from './change-check';
import { deniedError, refusalOf, type OrderAccess } from './order-access';
import { actOn } from './order-draft';
import type { OrderFloor } from './order-floor';
import { newOrderId } from './order-ids';
import type { OrderAct, OrderRecord } from './order-journal';
import { OrderModifications } from './order-modifications';
import { nameOf, type OrderTrack } from './order-track';
import { answerWaitMs, until } from './until';

/** What becomes of orders that are there: modified, cancelled, settled by a person. */
export class OrderChanges {
  private readonly floor: OrderFloor;
  private readonly access: OrderAccess;
  private readonly modifications: OrderModifications;

  constructor(floor: OrderFloor, access: OrderAccess, check: CheckChange) {
    this.floor = floor;
    this.access = access;
    this.modifications = new OrderModifications(floor, access, check);
  }

  modify(asker: Asker, id: string, body: OrderChangeBody): Promise<OrderRecord> {
    return this.modifications.modify(asker, id, body);
  }

  async cancel(asker: Asker, id: string): Promise<OrderRecord> {
    const { track } = await this.access.reach(asker, id);
    if (isAtBroker(track)) this.refuseUnreachable([track]);
    // A cancellation does not wait for the log of what people do.
    this.note(actOn(track.record, asker, 'order.cancelled', null));
    const requestId = newOrderId(this.floor.deps.clock, this.floor.deps.random);
    const told = await track.tell({ type: 'askCancel', requestId });
    if (!told.effects.some(({ type }) => type === 'persist')) throw refusalOf(told.effects);
    const denied = ({ state: { cancel } }: OrderTrack): OrderState['cancel'] =>
      cancel?.requestId === requestId && cancel.status === 'denied' ? cancel : null;
    await this.answered(track, () => isComplete(track.state) || denied(track) !== null);
    const refused = denied(track);
    if (!refused || hasEnded(track.state)) return track.record;
    const { code, reason } = refused;
    throw deniedError(code ?? 'not_cancelled', `order ${id} is not cancelled: ${reason ?? ''}`);
  }

  /** A person has looked at the broker: it never had the order, or so much of it was filled. */
  async settle(asker: Asker, id: string, body: OrderSettle): Promise<OrderRecord> {
    const { track } = await this.access.reach(asker, id);
    const { reason, filledQuantity: quantity, averagePrice: average } = body;
    const isStated = quantity !== undefined && average !== undefined;
    const { lotSize } = track.record.facts;
    if (isStated && quantity % lotSize !== 0) {
      const message = `${quantity} units were stated, needs whole lots of ${lotSize}`;
      throw deniedError('lot_multiple', message);
    }
    const filled = isStated && { quantity, averagePaise: partPaiseOf(average) };
    const event = { type: 'decided', by: asker.name, reason, ...(filled && { filled }) } as const;
    // The log has it by the same write as the order: what is refused was not done by anybody.
    const act = actOn(track.record, asker, 'order.settled', { ...body });
    const told = await track.tell(event, { act });
    if (!told.effects.some(({ type }) => type === 'persist')) throw refusalOf(told.effects);
    return track.record;
  }

  /** Asks for the end of everything that is open in an account. */
  async cancelAll(asker: Asker, account: string): Promise<OrderRecord[]> {
    const venue = this.access.venue(asker, account);
    this.refuseUnreachable(this.floor.unfinished(venue.account).filter(isAtBroker));
    this.note({
      by: asker.by,
      action: 'orders.cancelled',
      subject: { kind: 'account', id: venue.account, name: venue.label },
      before: null,
      after: null,
    });
    return this.cancelOpen(venue.account);
  }

  /** What is being cancelled already is left alone. */
  private async cancelOpen(account: string): Promise<OrderRecord[]> {
    const { clock, random } = this.floor.deps;
    const isKilled = this.floor.gate.blockedBy({ passesKill: false }) !== null;
    const open = this.floor.unfinished(account)
      // What became of the last request may not be known: then once more.
      .filter(({ state }) => !isUnderWay(state.cancel) || state.cancel?.status === 'unknown')
      // What the kill switch holds back at the gate is denied there, with its reason.
      .filter(({ state }) => !isKilled || state.status !== 'intended');
    await Promise.allSettled(open.map((track) =>
      track.tell({ type: 'askCancel', requestId: newOrderId(clock, random) })));
    return open.map(({ record }) => record);
  }

  /** @throws StrikewireError `denied` naming orders that nobody can cancel from here now. */
  private refuseUnreachable(tracks: readonly OrderTrack[]): void {
    const [first] = tracks;
    const absent = first && this.floor.venues.unreachable(first.state.account);
    if (!first || !absent) return;
    const orders = tracks.map(nameOf);
    const message = `${absent.reason}, so nothing can be cancelled there from here. These may be `
      + `open at the broker: ${orders.join(', ')}`;
    throw deniedError(absent.code, message, { orders: tracks.map(({ id }) => id) });
  }

  private answered(track: OrderTrack, isDone: (track: OrderTrack) => boolean): Promise<void> {
    return until(this.floor, () => isDone(track), answerWaitMs);
  }

  private note(act: OrderAct): void {
    const { journal, log } = this.floor.deps;
    journal.note(act).catch((error: unknown) => {
      log.error('an act is missing in the activity log', { action: act.action, error: `${error}` });
    });
  }
}

/** Rupees with parts of a paisa, as they are meant: 1.1 is 110, not a little more. */
function partPaiseOf(rupees: number): number {
  return Math.round(rupees * 1e8) / 1e6;
}

/** It may be at the broker, and open there. */
function isAtBroker({ state }: OrderTrack): boolean {
  return !hasEnded(state) && state.status !== 'intended';
}
