import type { OrderChange } from '@strikewire/broker';
import type { OrderChangeBody } from '@strikewire/contracts';
import type { Asker } from './asker';
import { changeOf, type CheckChange } from './change-check';
import { dropping, fateOfChange } from './funds-claims';
import { deniedError, refusalOf, type OrderAccess } from './order-access';
import { actOn } from './order-draft';
import type { OrderFloor } from './order-floor';
import { newOrderId } from './order-ids';
import type { OrderAct, OrderRecord } from './order-journal';
import { gateRequestOf } from './order-sender';
import type { OrderTrack } from './order-track';
import type { OrderVenue } from './order-venue';
import { answerWaitMs, until } from './until';

/** Orders that are made others. */
export class OrderModifications {
  private readonly floor: OrderFloor;
  private readonly access: OrderAccess;
  private readonly check: CheckChange;

  constructor(floor: OrderFloor, access: OrderAccess, check: CheckChange) {
    this.floor = floor;
    this.access = access;
    this.check = check;
  }

  async modify(asker: Asker, id: string, body: OrderChangeBody): Promise<OrderRecord> {
    const { track, venue } = await this.access.reach(asker, id);
    if (!venue) throw deniedError('account_gone', 'the account is not there any more');
    this.access.refuseClosed(venue);
    const change = changeOf(body);
    const claim = await this.check(track, venue, change);
    const act = actOn(track.record, asker, 'order.modified', { ...body });
    const requestId = await this.sendChange(track, { venue, change, act }).catch(dropping(claim));
    claim?.follow(() => fateOfChange(track, requestId));
    await until(this.floor, () => track.state.modify?.status !== 'sending', answerWaitMs);
    return track.record;
  }

  private async sendChange(
    track: OrderTrack,
    { venue, change, act }: { venue: OrderVenue; change: OrderChange; act: OrderAct },
  ): Promise<string> {
    this.access.refuseClosed(venue);
    const requestId = newOrderId(this.floor.deps.clock, this.floor.deps.random);
    await this.floor.deps.journal.note(act);
    const callId = `${track.id}-m-${requestId}`;
    const { gate } = this.floor;
    const passage = await gate.pass(gateRequestOf(track.record, venue, 'modify', callId));
    if (passage.kind === 'denied') throw deniedError(passage.code, passage.reason);
    const { call } = passage;
    const event = { type: 'askModify', requestId, change } as const;
    const told = await track.tell(event, { call, once: true }).catch((error: unknown) => {
      gate.released(call);
      throw error;
    });
    if (!told.effects.some(({ type }) => type === 'sendModify')) {
      gate.released(call);
      throw refusalOf(told.effects);
    }
    return requestId;
  }
}
