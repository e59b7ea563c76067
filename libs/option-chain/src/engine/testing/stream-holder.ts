import type { ChainLayout, Leg, ServerMessage } from '@strikewire/contracts';
import { decodeFrame, QuoteStore, readFrameHeader } from '@strikewire/market-data';
import type { StreamClient } from '../stream-client';

/** What a JSON stream has told of a leg. */
type LegColumns = { [Column in keyof Leg]?: Leg[Column] | undefined };
type Head = Extract<ServerMessage, { type: 'snapshot' }>['head'];

/** One stream as a client holds it: rows of a JSON stream, or the store of a binary one. */
export interface HeldStream {
  layout: ChainLayout;
  version: number;
  rows: Map<number, LegColumns>;
  head: Head | null;
  store: QuoteStore;
  spotPaise: number;
}

/** A client that applies what it gets and notes every step that does not join up. */
export class StreamHolder implements StreamClient {
  readonly held = new Map<number, HeldStream>();
  readonly kinds: string[] = [];
  readonly faults: string[] = [];
  buffered = 0;
  cutReason: string | null = null;

  send(data: string | Uint8Array): void {
    if (typeof data === 'string') this.text(JSON.parse(data) as ServerMessage);
    else this.frame(data);
  }

  bufferedBytes(): number {
    return this.buffered;
  }

  cut(reason: string): void {
    this.cutReason = reason;
  }

  /** The kinds of what came since the last call. */
  news(): string[] {
    return this.kinds.splice(0);
  }

  private text(message: ServerMessage): void {
    this.kinds.push(message.type);
    if (message.type === 'unsubscribed') this.held.delete(message.stream);
    if (message.type === 'layout') this.take(message);
    if (message.type !== 'snapshot' && message.type !== 'delta') return;
    const stream = this.step(message.stream, message.generation);
    if (!stream) return;
    if (message.type === 'delta') this.join(stream, message.previous);
    else stream.rows.clear();
    for (const [row, leg] of message.rows) {
      stream.rows.set(row, { ...stream.rows.get(row), ...leg });
    }
    stream.head = message.head;
    stream.version = message.version;
  }

  private frame(bytes: Uint8Array): void {
    const header = readFrameHeader(bytes);
    if (typeof header === 'string') return void this.faults.push(header);
    this.kinds.push(header.kind);
    const stream = this.step(header.stream, header.generation);
    if (!stream) return;
    if (header.kind === 'delta') this.join(stream, header.previousVersion);
    const result = decodeFrame(stream.store, bytes);
    if (typeof result === 'string') this.faults.push(result);
    stream.version = header.version;
    stream.spotPaise = header.spotPaise;
  }

  private take(layout: ChainLayout): void {
    const capacity = layout.strikes.length * 2;
    const store = new QuoteStore({ capacity, groupCount: 0, tickDepth: 0, baseWallMs: 0 });
    const rows = new Map<number, LegColumns>();
    const stream = { layout, version: -1, rows, head: null, store, spotPaise: 0 };
    this.held.set(layout.stream, stream);
  }

  private step(id: number, generation: number): HeldStream | undefined {
    const stream = this.held.get(id);
    if (!stream) this.faults.push(`step of stream ${id}, which is not held`);
    else if (stream.layout.generation !== generation) this.faults.push('foreign generation');
    return stream;
  }

  private join(stream: HeldStream, previous: number): void {
    const { version } = stream;
    if (previous !== version) this.faults.push(`${previous} does not join ${version}`);
  }
}
