import type { ChainLayout } from '@strikewire/contracts';
import { decodeFrame, QuoteStore, readFrameHeader } from '@strikewire/market-data';
import type { StreamClient } from '@strikewire/option-chain/engine';

/** One chain as a subscribed client holds it. */
export interface HeldChain {
  layout: ChainLayout;
  store: QuoteStore;
  version: number;
  spotPaise: number;
  anchorIndex: number;
}

/**
 * The least that a client of the binary stream must do: takes layouts, applies frames, and notes
 * every step that does not join up.
 */
export class FrameClient implements StreamClient {
  readonly held = new Map<number, HeldChain>();
  readonly faults: string[] = [];
  readonly retired: number[] = [];
  frameCount = 0;
  cutReason: string | null = null;
  buffered = 0;

  send(data: string | Uint8Array): void {
    if (typeof data === 'string') this.text(JSON.parse(data));
    else this.frame(data);
  }

  bufferedBytes(): number {
    return this.buffered;
  }

  cut(reason: string): void {
    this.cutReason = reason;
  }

  find(underlying: string, expiry: string): HeldChain | undefined {
    return [...this.held.values()].find(
      ({ layout }) => layout.underlying === underlying && layout.expiry === expiry,
    );
  }

  private text(message: { type: string; stream: number }): void {
    if (message.type === 'unsubscribed') this.retired.push(message.stream);
    if (message.type !== 'layout') return;
    const layout = message as ChainLayout;
    const store = new QuoteStore({
      capacity: layout.strikes.length * 2,
      groupCount: 0,
      tickDepth: 0,
      baseWallMs: 0,
    });
    this.held.set(layout.stream, { layout, store, version: -1, spotPaise: 0, anchorIndex: -1 });
  }

  private frame(bytes: Uint8Array): void {
    this.frameCount++;
    const header = readFrameHeader(bytes);
    if (typeof header === 'string') return void this.faults.push(header);
    const chain = this.held.get(header.stream);
    if (!chain) return void this.faults.push(`frame of unknown stream ${header.stream}`);
    if (header.generation !== chain.layout.generation) this.faults.push('foreign generation');
    if (header.kind === 'delta' && header.previousVersion !== chain.version) {
      this.faults.push(`version ${header.previousVersion} does not join ${chain.version}`);
    }
    decodeFrame(chain.store, bytes);
    chain.version = header.version;
    chain.spotPaise = header.spotPaise;
    chain.anchorIndex = header.anchorIndex;
  }
}
