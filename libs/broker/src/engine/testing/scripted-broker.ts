import { field, noVolume, type QuoteSink } from '@strikewire/market-data';
import type { OpenSocket, Site, Socket } from '@strikewire/runtime';
import {
  createMemoryNetwork,
  type MemoryNetwork,
  type VirtualClock,
} from '@strikewire/runtime/virtual';
import type { FeedDecoder, FeedEndKind, FeedProtocol, SlotLookup } from '../../core/feed-protocol';

const op = { tick: 1, end: 2, broken: 3 } as const;
const endKinds: readonly FeedEndKind[] = ['auth', 'entitlement', 'too_many', 'other', 'suspended'];
const pingMs = 10_000;

/** A connection as the scripted broker sees it. */
export interface ServedSocket {
  socket: Socket;
  openedMono: number;
  /** Ids that it is subscribed to. */
  ids: Set<number>;
  messages: string[];
  /** Connected, and silent: no ping, no tick. */
  isMute: boolean;
}

/** A broker of two messages, `+1,2` and `-1,2`, and frames of an operation and two numbers. */
export class ScriptedBroker {
  readonly open = new Set<ServedSocket>();
  readonly attemptsMono: number[] = [];
  mostOpen = 0;
  /** What handshakes are answered with instead of being served. */
  refuse: number | null = null;
  /** Closing handshakes are not answered: the broker counts the socket for 40 s more. */
  isDeaf = false;
  private readonly clock: VirtualClock;
  private readonly network: MemoryNetwork;

  constructor(clock: VirtualClock) {
    this.clock = clock;
    this.network = createMemoryNetwork({ clock, latencyMs: 5 });
    const site: Site = {
      http: () => ({ status: 404 }),
      socket: () => {
        this.attemptsMono.push(clock.monoMs());
        if (this.refuse !== null) return { refuse: this.refuse };
        return { accept: (socket) => this.accept(socket) };
      },
    };
    this.network.host('broker.test', site);
  }

  /** Sends a tick of each id to whoever is subscribed to it. */
  tick(ltpPaise: number, ids?: readonly number[]): void {
    for (const served of this.open) {
      if (served.isMute) continue;
      for (const id of ids ?? served.ids) {
        if (served.ids.has(id)) served.socket.send(frame(op.tick, id, ltpPaise));
      }
    }
  }

  endAll(kind: FeedEndKind): void {
    for (const { socket } of this.open) socket.send(frame(op.end, endKinds.indexOf(kind), 0));
  }

  sendBroken(): void {
    for (const { socket } of this.open) socket.send(frame(op.broken, 0, 0));
  }

  subscribed(): number[] {
    return [...this.open].flatMap(({ ids }) => [...ids]).sort((a, b) => a - b);
  }

  /** Opens sockets to this broker; closes go unheard while it is deaf. */
  readonly openSocket: OpenSocket = (url, options, handlers) => {
    let isGone = false;
    const socket = this.network.openSocket(url, options, {
      ...handlers,
      closed: (code, reason) => {
        if (!isGone) handlers.closed(code, reason);
      },
    });
    return {
      ...socket,
      close: (code, reason) => {
        if (!this.isDeaf) socket.close(code, reason);
      },
      terminate: () => {
        if (!this.isDeaf || isGone) return socket.terminate();
        isGone = true;
        handlers.closed(1006, 'terminated');
        this.clock.after(40_000, () => socket.terminate());
      },
    };
  };

  private accept(socket: Socket) {
    const openedMono = this.clock.monoMs();
    const served: ServedSocket = {
      socket, openedMono, ids: new Set(), messages: [], isMute: false,
    };
    this.open.add(served);
    this.mostOpen = Math.max(this.mostOpen, this.open.size);
    const ping = (): void => {
      if (!this.open.has(served)) return;
      if (!served.isMute) socket.ping();
      this.clock.after(pingMs, ping);
    };
    this.clock.after(pingMs, ping);
    return {
      message: (data: Uint8Array) => apply(served, new TextDecoder().decode(data)),
      closed: () => void this.open.delete(served),
    };
  }
}

function apply(served: ServedSocket, message: string): void {
  served.messages.push(message);
  for (const id of message.slice(1).split(',').map(Number)) {
    if (message.startsWith('+')) served.ids.add(id);
    else served.ids.delete(id);
  }
}

function frame(operation: number, id: number, ltpPaise: number): Uint8Array {
  const bytes = new Uint8Array(7);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, operation);
  view.setUint16(1, id);
  view.setUint32(3, ltpPaise);
  return bytes;
}

/** The client's side of the scripted broker; `idsPerMessage` is its batch. */
export function scriptedProtocol(idsPerMessage = 100): FeedProtocol {
  const messages = (sign: string, ids: readonly string[]): string[] =>
    Array.from({ length: Math.ceil(ids.length / idsPerMessage) }, (_, index) =>
      sign + ids.slice(index * idsPerMessage, (index + 1) * idsPerMessage).join(','),
    );
  return {
    address: () => ({ url: 'ws://broker.test/feed?token=secret' }),
    subscribe: (items) => messages('+', items.map(({ token }) => token.id)),
    unsubscribe: (items) => messages('-', items.map(({ token }) => token.id)),
    wireId: ({ id }) => ({ segment: 1, id: Number(id) }),
    createDecoder: scriptedDecoder,
    classifyEnd: ({ httpStatus }) => {
      if (httpStatus === 429) return 'throttled';
      return httpStatus === 401 ? 'auth' : 'other';
    },
  };
}

function scriptedDecoder(): FeedDecoder {
  const counters = { packets: 0, unknownInstrument: 0, malformed: 0 };
  let lookup: SlotLookup = { get: () => -1 };
  let sink: QuoteSink | undefined;
  return {
    counters,
    bind(nextLookup, nextSink) {
      lookup = nextLookup;
      sink = nextSink;
    },
    decode(bytes) {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const [operation, id] = [view.getUint8(0), view.getUint16(1)];
      if (operation === op.end) return { kind: endKinds[id] ?? 'other', reason: 'scripted end' };
      if (operation === op.broken) counters.malformed++;
      if (operation !== op.tick) return undefined;
      counters.packets++;
      const slot = lookup.get(1, id);
      if (slot < 0) counters.unknownInstrument++;
      if (slot < 0 || !sink?.admit(slot, 0, noVolume)) return undefined;
      sink.store.ltpPaise[slot] = view.getUint32(3);
      sink.commit(slot, field.ltp);
      return undefined;
    },
  };
}
