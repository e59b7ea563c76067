import type { OrderOutcome } from '@strikewire/broker';
import { errorMessageOf, inTime } from '@strikewire/runtime';
import type { OrderDeskDeps } from './order-floor-deps';
import type { GateRequest, OrderGate } from './order-gate';
import type { OrderRecord, SentCall } from './order-journal';
import type { OrderTrack, SendEffect } from './order-track';
import type { OrderVenue } from './order-venue';
import type { VenueDesk } from './venue-desk';

type Refusal = Extract<OrderOutcome, { kind: 'denied' }>;

/** An adapter that has not answered by then is not waited for: it may have been taken. */
const answerMostMs = 90_000;

/** How a cancellation is called among what was sent. */
export function cancelCallId(orderId: string, requestId: string): string {
  return `${orderId}-c-${requestId}`;
}

/** What a call about an order asks of the gate. */
export function gateRequestOf(
  { state, lowersRisk, flattens }: OrderRecord,
  venue: OrderVenue,
  call: 'place' | 'modify' | 'cancel',
  callId: string,
): GateRequest {
  const { clientOrderId: orderId, token } = state.order;
  const isCancel = call === 'cancel';
  return {
    account: state.account,
    rules: venue.rates,
    callId,
    orderId,
    call,
    segment: token.segment,
    lowersRisk: lowersRisk || isCancel,
    passesKill: isCancel || flattens,
  };
}

/** Why a venue takes none; the kill switch closes positions where live is switched off, too. */
export function closedFor(
  venues: Pick<VenueDesk, 'closedBecause'>,
  venue: OrderVenue,
  flattens: boolean,
): string | null {
  return flattens ? venue.closedBecause() : venues.closedBecause(venue);
}

/** Hands requests to the venues, and their outcomes back to the orders. */
export class OrderSender {
  private readonly deps: Pick<OrderDeskDeps, 'clock' | 'log' | 'journal'>;
  private readonly gate: OrderGate;
  private readonly venues: Pick<VenueDesk, 'find' | 'closedBecause' | 'unreachable'>;

  constructor(
    deps: Pick<OrderDeskDeps, 'clock' | 'log' | 'journal'>,
    gate: OrderGate,
    venues: Pick<VenueDesk, 'find' | 'closedBecause' | 'unreachable'>,
  ) {
    this.deps = deps;
    this.gate = gate;
    this.venues = venues;
  }

  /** Places and modifications have their place already; a cancellation waits for its own here. */
  send(track: OrderTrack, effect: SendEffect, call: SentCall | null): void {
    if (effect.type === 'sendCancel') return void this.cancel(track, effect.requestId);
    const { order, brokerOrderId } = track.state;
    const work = (venue: OrderVenue): Promise<OrderOutcome> => {
      // It may wait for its turn in the adapter still.
      const mayLeave = (): Refusal | null => this.refusal(track, call, venue);
      return effect.type === 'send'
        ? venue.orders.place(order, mayLeave)
        : venue.orders.modify(brokerOrderId ?? '', effect.change, mayLeave);
    };
    void this.hand(track, call, work).then((outcome) => {
      if (effect.type === 'send') return track.hear({ type: 'answered', outcome });
      const { requestId } = effect;
      return track.hear({ type: 'modifyAnswered', requestId, outcome });
    });
  }

  private async cancel(track: OrderTrack, requestId: string): Promise<void> {
    const outcome = await this.sendCancel(track, requestId);
    track.hear({ type: 'cancelAnswered', requestId, outcome });
  }

  private async sendCancel(track: OrderTrack, requestId: string): Promise<OrderOutcome> {
    const venue = this.venues.find(track.state.account);
    const absent = this.absence(track);
    if (!venue || absent) return absent ?? gone;
    const callId = cancelCallId(track.id, requestId);
    const passage = await this.gate.pass(gateRequestOf(track.record, venue, 'cancel', callId));
    if (passage.kind === 'denied') return passage;
    const { call } = passage;
    try {
      await this.deps.journal.called(call);
    } catch (error) {
      // It lowers a risk: that a restart would not count it does not hold it back.
      this.deps.log.error('a cancellation is not written down', { reason: errorMessageOf(error) });
    }
    return this.hand(track, call, ({ orders }) => orders.cancel(track.state.brokerOrderId ?? ''));
  }

  /** Sends in this very turn, unless that is not permitted any more. Never rejects. */
  private async hand(
    track: OrderTrack,
    call: SentCall | null,
    work: (venue: OrderVenue) => Promise<OrderOutcome>,
  ): Promise<OrderOutcome> {
    const venue = this.venues.find(track.state.account);
    const refused = this.absence(track) ?? (venue ? this.refusal(track, call, venue) : gone);
    if (!venue || refused) {
      if (call) this.ended(call, false);
      return refused ?? gone;
    }
    const outcome = await this.outcomeOf(venue, work);
    if (call) this.ended(call, outcome.kind !== 'denied');
    return outcome;
  }

  /** The account may be off, or not there any more. */
  private absence({ state: { account } }: OrderTrack): Refusal | null {
    const found = this.venues.unreachable(account);
    return found && { kind: 'denied', ...found };
  }

  /** The kill switch may have been pulled, or live orders switched off, while it waited. */
  private refusal(
    { record: { flattens } }: OrderTrack,
    call: SentCall | null,
    venue: OrderVenue,
  ): Refusal | null {
    const isCancel = call?.call === 'cancel';
    const blocked = call === null
      ? 'it has passed no gate'
      : this.gate.blockedBy({ passesKill: isCancel || flattens });
    if (blocked !== null) return { kind: 'denied', code: 'kill_switch', reason: blocked };
    if (isCancel) return null;
    const closed = closedFor(this.venues, venue, flattens);
    return closed === null ? null : { kind: 'denied', code: 'account_closed', reason: closed };
  }

  private outcomeOf(
    venue: OrderVenue,
    work: (venue: OrderVenue) => Promise<OrderOutcome>,
  ): Promise<OrderOutcome> {
    const deadline = { clock: this.deps.clock, what: venue.label, withinMs: answerMostMs };
    return inTime(deadline, () => work(venue)).catch((error: unknown): OrderOutcome => {
      // An adapter does not reject; one that does may have sent it.
      const reason = errorMessageOf(error);
      this.deps.log.error('a request about an order failed', { account: venue.account, reason });
      return { kind: 'unknown', reason };
    });
  }

  private ended(call: SentCall, hasLeft: boolean): void {
    const answeredMs = hasLeft ? this.gate.answered(call) : null;
    if (!hasLeft) this.gate.released(call);
    // When it is not written down, it counts longer after a restart.
    this.deps.journal.callEnded(call, answeredMs).catch((error: unknown) => {
      this.deps.log.warn('an answer is not written down', { reason: errorMessageOf(error) });
    });
  }
}

const gone: Refusal = {
  kind: 'denied', code: 'account_gone', reason: 'the account is not there any more',
};
