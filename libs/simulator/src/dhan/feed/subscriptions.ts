import type { Violations } from '../../faces/violations';
import type { Contract } from '../../market/contract';
import { changed } from '../../market/evolution';
import type { Market } from '../../market/market';
import { placeOfSegment } from '../segments';
import type { ViolationKind } from '../violations';
import type { FeedSession, FeedSettings } from './feed-session';
import type { PacketSource } from './packet-source';
import type { FeedMode, FeedRequest, RequestedInstrument } from './subscribe-request';

export interface Subscriptions {
  apply(session: FeedSession, request: Exclude<FeedRequest, { kind: 'disconnect' }>): void;
  /** Sends a change to everybody who asked for it. */
  ticked(contract: Contract, what: number): void;
  removeAll(session: FeedSession): void;
  /** Subscribe and unsubscribe messages received. */
  readonly messages: number;
}

/** A session that gets a contract, and how much of it. */
interface Subscriber {
  readonly session: FeedSession;
  mode: FeedMode;
}

const instrumentsMax = 5_000;
const messageInstrumentsMax = 100;

/** Who gets which contract. Breaking a limit is noted, and what is over it is passed over. */
export function createSubscriptions(
  deps: { market: Market; violations: Violations<ViolationKind>; settings: FeedSettings },
  packets: PacketSource,
): Subscriptions {
  const { market, violations, settings } = deps;
  const subscribersOf = new Map<Contract, Subscriber[]>();
  let messages = 0;

  const add = (session: FeedSession, contract: Contract, mode: FeedMode): void => {
    const known = subscribersOf.get(contract);
    const before = known?.find((one) => one.session === session);
    if (before) before.mode = mode;
    else {
      if (session.modes.size >= instrumentsMax) {
        return violations.add('feed_instruments', `${session.clientId} over ${instrumentsMax}`);
      }
      market.watch(contract);
      if (known) known.push({ session, mode });
      else subscribersOf.set(contract, [{ session, mode }]);
    }
    session.modes.set(contract, mode);
    if (settings.snapshotOnSubscribe) sendSnapshot(session, contract, mode);
  };
  const remove = (session: FeedSession, contract: Contract): void => {
    if (!session.modes.delete(contract)) return;
    const rest = (subscribersOf.get(contract) ?? []).filter((one) => one.session !== session);
    if (rest.length > 0) subscribersOf.set(contract, rest);
    else subscribersOf.delete(contract);
    market.unwatch(contract);
  };
  const sendSnapshot = (session: FeedSession, contract: Contract, mode: FeedMode): void => {
    if (contract.kind === 'index') session.batch.add(packets.of('previousClose', contract));
    session.batch.add(packets.of(packetFor(mode, contract), contract));
    if (mode === 'quote' && contract.expiry) session.batch.add(packets.of('oi', contract));
  };
  return {
    apply(session, { kind, mode, instruments }) {
      messages++;
      if (instruments.length > messageInstrumentsMax) {
        const detail = `${session.clientId} sent ${instruments.length} in one message`;
        return violations.add('feed_message_instruments', detail);
      }
      for (const contract of instruments.map((one) => find(market, one))) {
        if (!contract) continue;
        if (kind === 'subscribe') add(session, contract, mode);
        else if (session.modes.get(contract) === mode) remove(session, contract);
      }
      session.batch.flush();
    },
    ticked(contract, what) {
      let name: FeedMode | undefined;
      let packet: Uint8Array | undefined;
      for (const { session, mode } of subscribersOf.get(contract) ?? []) {
        // A ticker shows the last trade only, so a change of the book says nothing to it.
        if (mode === 'ticker' && !(what & changed.trade)) continue;
        const wanted = packetFor(mode, contract);
        // Most want the same as the one before: it is encoded once for them.
        if (!packet || wanted !== name) packet = packets.of((name = wanted), contract);
        session.batch.add(packet);
        if (mode === 'quote' && what & changed.oi) session.batch.add(packets.of('oi', contract));
      }
    },
    removeAll(session) {
      for (const contract of [...session.modes.keys()]) remove(session, contract);
    },
    get messages() {
      return messages;
    },
  };
}

/** Unknown instruments are passed over in silence. */
function find(market: Market, { segment, id }: RequestedInstrument): Contract | undefined {
  const place = placeOfSegment(segment);
  return place && market.look(place, id);
}

/** An index has no depth: whoever asks for everything gets the quote. */
function packetFor(mode: FeedMode, { kind }: Contract): FeedMode {
  return mode === 'full' && kind === 'index' ? 'quote' : mode;
}
