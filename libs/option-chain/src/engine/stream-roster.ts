import type { LiveChain } from './live-chain';
import type { StreamClient } from './stream-client';
import type { StreamData, StreamNews, StreamView } from './stream-view';

/** A client with all that it watches. */
export interface Member {
  client: StreamClient;
  seats: Map<Stream, Seat>;
  /** Seats whose stream has news that the client was not yet sent. */
  pending: Seat[];
  /** Since when its buffer has been over its cap. */
  slowSinceMono: number | null;
}

/** One client's place in one stream. */
export interface Seat {
  member: Member;
  stream: Stream;
  /** It has skipped something: it gets a snapshot when it has drained. */
  isBehind: boolean;
  /** Before that, the layout. */
  lacksLayout: boolean;
}

/** One thing that is watched: a sequence of versions that all its subscribers share. */
export interface Stream {
  id: number;
  key: string;
  view: StreamView;
  seats: Set<Seat>;
  behind: Set<Seat>;
  dueMono: number;
  /** Its latest step, which clients of the present round are still sent. */
  news: StreamNews | undefined;
  /** Of what subscribers hold, if somebody has asked since the latest step. */
  snapshot: StreamData | undefined;
}

/** Who watches what. */
export class StreamRoster {
  private readonly streams = new Map<number, Stream>();
  private readonly byKey = new Map<string, Stream>();
  private readonly byChain = new Map<LiveChain, Set<Stream>>();
  private readonly members = new Map<StreamClient, Member>();

  get isWatched(): boolean {
    return this.streams.size > 0;
  }

  get clientCount(): number {
    return this.members.size;
  }

  all(): Iterable<Stream> {
    return this.streams.values();
  }

  find(key: string): Stream | undefined {
    return this.byKey.get(key);
  }

  add(id: number, key: string, view: StreamView): Stream {
    const stream: Stream = {
      id,
      key,
      view,
      seats: new Set(),
      behind: new Set(),
      dueMono: 0,
      news: undefined,
      snapshot: undefined,
    };
    this.streams.set(id, stream);
    this.byKey.set(key, stream);
    if (!view.chain) return stream;
    const ofChain = this.byChain.get(view.chain) ?? new Set();
    this.byChain.set(view.chain, ofChain.add(stream));
    return stream;
  }

  /** Streams that are due by then, those of indices first. */
  due(nowMono: number): Stream[] {
    const due = [...this.streams.values()].filter(({ dueMono }) => dueMono <= nowMono);
    const isIndex = ({ view }: Stream): boolean => view.pace === 'index';
    return [...due.filter(isIndex), ...due.filter((stream) => !isIndex(stream))];
  }

  streamsOf(chain: LiveChain): Stream[] {
    return [...(this.byChain.get(chain) ?? [])];
  }

  member(client: StreamClient): Member {
    const known = this.members.get(client);
    if (known) return known;
    const member = { client, seats: new Map(), pending: [], slowSinceMono: null };
    this.members.set(client, member);
    return member;
  }

  sit(member: Member, stream: Stream): Seat {
    const held = member.seats.get(stream);
    if (held) return held;
    const seat = { member, stream, isBehind: false, lacksLayout: false };
    member.seats.set(stream, seat);
    stream.seats.add(seat);
    return seat;
  }

  seatOf(streamId: number, client: StreamClient): Seat | undefined {
    const stream = this.streams.get(streamId);
    return stream && this.members.get(client)?.seats.get(stream);
  }

  seatsOf(client: StreamClient): Seat[] {
    return [...(this.members.get(client)?.seats.values() ?? [])];
  }

  heldBy(client: StreamClient): number {
    return this.members.get(client)?.seats.size ?? 0;
  }

  fallBehind(seat: Seat): void {
    seat.isBehind = true;
    seat.stream.behind.add(seat);
  }

  catchUp(seat: Seat): void {
    seat.isBehind = false;
    seat.lacksLayout = false;
    seat.stream.behind.delete(seat);
  }

  /** What is pending for it is dropped; a stream that nobody watches any more ends. */
  leave(seat: Seat): void {
    const { member, stream } = seat;
    member.pending = member.pending.filter((one) => one !== seat);
    member.seats.delete(stream);
    stream.seats.delete(seat);
    stream.behind.delete(seat);
    if (member.seats.size === 0) this.members.delete(member.client);
    if (stream.seats.size > 0) return;
    this.streams.delete(stream.id);
    this.byKey.delete(stream.key);
    if (!stream.view.chain) return;
    const ofChain = this.byChain.get(stream.view.chain);
    ofChain?.delete(stream);
    if (ofChain?.size === 0) this.byChain.delete(stream.view.chain);
  }

  clear(): void {
    for (const map of [this.streams, this.byKey, this.byChain, this.members]) map.clear();
  }
}
