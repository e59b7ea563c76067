import { errorMessageOf } from '@strikewire/runtime';
import type { OrderFloor } from './order-floor';
import { closedFor, gateRequestOf } from './order-sender';
import type { LegProblem, PlannedLeg } from './order-plan';
import type { OrderTrack } from './order-track';
import type { OrderVenue } from './order-venue';

/** Whether the broker has taken an order, as far as it is known. */
type Fate = 'taken' | 'failed' | 'unsure';

/** An order of the market's own price, as it would be made now. */
export type Reprice = (track: OrderTrack, venue: OrderVenue) => PlannedLeg;

/** The market's price of longer ago is made anew, or the order is not sent. */
const priceGoodMs = 2_000;

/**
 * Orders of one request, one after the other: the next is sent when the broker has taken the last.
 * When one is refused, or nobody knows whether it was taken, those after it are denied with the
 * reason: half a basket is not made worse blindly.
 */
export async function sendInTurn(
  floor: OrderFloor,
  tracks: readonly OrderTrack[],
  reprice: Reprice,
): Promise<void> {
  for (const [index, track] of tracks.entries()) {
    const fate = await sendOne(floor, track, reprice);
    if (fate === 'taken') continue;
    const what = `order ${track.id} for ${track.record.facts.key}`;
    const why = fate === 'failed'
      ? `${what} was ${track.state.status}: ${track.state.reason ?? 'no reason is known'}`
      : `it is not known whether ${what} was taken`;
    for (const rest of tracks.slice(index + 1)) withhold(rest, 'basket_stopped', why);
    return;
  }
}

/** Orders that do not wait for each other: exits, each of which is better than none. */
export async function sendApart(
  floor: OrderFloor,
  tracks: readonly OrderTrack[],
  reprice: Reprice,
): Promise<void> {
  await Promise.all(tracks.map((track) => sendOne(floor, track, reprice)));
}

/** Through the gate, stored as sent, sent, answered. Never rejects. */
async function sendOne(floor: OrderFloor, track: OrderTrack, reprice: Reprice): Promise<Fate> {
  const venue = floor.venues.find(track.state.account);
  const closed = venue
    ? closedFor(floor.venues, venue, track.record.flattens)
    : 'the account is not there any more';
  if (!venue || closed !== null) return withhold(track, 'account_closed', closed ?? '');
  const settled = isDecided(floor, track);
  const passage = await floor.gate.pass(gateRequestOf(track.record, venue, 'place', track.id));
  if (passage.kind === 'denied') return withhold(track, passage.code, passage.reason);
  const { call } = passage;
  const [problem, price] = priceOf(floor, track, () => reprice(track, venue));
  if (problem) {
    floor.gate.released(call);
    return withhold(track, problem.code, `it waited for its turn, and now: ${problem.message}`);
  }
  try {
    const { effects } = await track.tell({ type: 'recorded', ...price }, { call, once: true });
    // Cancelled while it waited: then nothing was sent.
    if (!effects.some(({ type }) => type === 'send')) floor.gate.released(call);
  } catch (error) {
    floor.gate.released(call);
    return withhold(track, 'not_stored', errorMessageOf(error));
  }
  return settled;
}

/** Of an order of the market's own price that has waited: what it costs now, or why nothing. */
function priceOf(
  { deps }: OrderFloor,
  { record: { asked }, state }: OrderTrack,
  plan: () => PlannedLeg,
): [LegProblem | undefined, { limitPaise?: number }] {
  const isOld = deps.clock.wallMs() - state.createdMs > priceGoodMs;
  if (!isOld || (asked !== 'MARKET' && asked !== 'SMART')) return [undefined, {}];
  const { problems: [problem], limitPaise } = plan();
  return [problem, limitPaise === null ? {} : { limitPaise }];
}

function withhold(track: OrderTrack, code: string, reason: string): Fate {
  track.hear({ type: 'withheld', code, reason });
  return 'failed';
}

/** Settles when the broker has taken the order or has not, or nobody can tell. */
function isDecided(floor: OrderFloor, track: OrderTrack): Promise<Fate> {
  return new Promise((resolve) => {
    const look = (): boolean => {
      const fate = fateOf(track);
      if (fate !== null) resolve(fate);
      return fate !== null;
    };
    const stop = floor.onOrder((record) => {
      if (record.state.order.clientOrderId === track.id && look()) stop();
    });
  });
}

function fateOf({ state }: OrderTrack): Fate | null {
  switch (state.status) {
    case 'intended':
    case 'sending':
      return null;
    case 'unknown':
      return 'unsure';
    case 'rejected':
    case 'denied':
      return 'failed';
    case 'cancelled':
    case 'expired':
      // An immediate-or-cancel order that found nobody has been taken, and has left nothing.
      return state.filledQuantity > 0 ? 'taken' : 'failed';
    default:
      return 'taken';
  }
}
