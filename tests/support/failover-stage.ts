import { setTimeout as wait } from 'node:timers/promises';
import {
  failoverHistorySchema,
  failoverSchema,
  statusSchema,
  type Failover,
  type FailoverEventRow,
  type PlatformStatus,
} from '@strikewire/contracts';
import type { TrueChain } from '@strikewire/simulator';
import { eventually, startRealPlatform, type RealPlatform } from './real-platform';
import { SocketClient } from './socket-client';
import { truthDifferences } from './truth-difference';

/** An account as the simulator knows it. */
export interface SimAccount {
  clientId: string;
  token: string;
  apiKey?: string;
}

/** A socket that carries a part of the subscription: whose, and which of that account's. */
export interface Carrier {
  account: string;
  name: string;
  reconnects: number;
  /** Since its last tick; null: none yet. */
  tickAgeMs: number | null;
}

const withinMs = 60_000;
const underlyings = ['NIFTY', 'BANKNIFTY', 'SENSEX'];

/** Two accounts of one broker and one of another, before the simulator, with a client beside. */
export class FailoverStage {
  readonly platform: RealPlatform;
  private held: SocketClient | undefined;

  private constructor(platform: RealPlatform) {
    this.platform = platform;
  }

  static async open(): Promise<FailoverStage> {
    const stage = new FailoverStage(await startRealPlatform({ ticksPerSecond: 2_000 }));
    try {
      const [, second] = await stage.accounts();
      const [other] = await stage.accounts('upstox');
      await stage.add('dhan', 'Second', {
        clientId: second?.clientId, accessToken: second?.token,
      });
      await stage.add('upstox', 'Other', { clientId: other?.apiKey, accessToken: other?.token });
      await stage.watch();
      return stage;
    } catch (error) {
      await stage.close().catch(() => undefined);
      throw error;
    }
  }

  /** The client of the last start. */
  get client(): SocketClient {
    if (!this.held) throw new Error('nobody watches yet');
    return this.held;
  }

  /** Everything as it was at the first start. */
  async reset(): Promise<void> {
    this.held?.close();
    await this.platform.sim('faults', undefined, 'DELETE');
    await this.platform.restartApi();
    await this.watch();
  }

  async close(): Promise<void> {
    this.held?.close();
    await this.platform.stop();
  }

  fault(fault: object): Promise<unknown> {
    return this.platform.sim('faults', fault);
  }

  async accounts(broker = 'dhan'): Promise<SimAccount[]> {
    return (await this.platform.sim(`accounts?broker=${broker}`)) as SimAccount[];
  }

  async failover(): Promise<Failover> {
    return failoverSchema.parse(await this.json('/api/failover'));
  }

  async status(): Promise<PlatformStatus> {
    return statusSchema.parse(await this.json('/api/optionchain/status'));
  }

  async carriers(): Promise<Carrier[]> {
    const { sockets } = (await this.status()).feed;
    const counts = new Map<string, number>();
    return sockets.flatMap(({ account, role, reconnects, tickAgeMs }) => {
      const count = (counts.get(account) ?? 0) + 1;
      counts.set(account, count);
      const carrier = { account, name: `${account} ${count}`, reconnects, tickAgeMs };
      return role === 'carrier' ? [carrier] : [];
    });
  }

  /** Newest first. */
  async events(): Promise<FailoverEventRow[]> {
    return failoverHistorySchema.parse(await this.json('/api/failover/history')).events;
  }

  async json(path: string, init?: RequestInit): Promise<unknown> {
    const answer = await this.platform.fetch(path, init);
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  async post(path: string, body: object): Promise<unknown> {
    return this.json(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  }

  /** Resolves when every chain that the client watches has had another frame. */
  async nextFrames(): Promise<void> {
    const { held } = this.client.frames;
    const versions = new Map([...held].map(([stream, { version }]) => [stream, version]));
    const isBehind = (): boolean =>
      [...held].some(([stream, { version }]) => version === versions.get(stream));
    const untilMs = performance.now() + withinMs;
    while (isBehind() && performance.now() < untilMs) await wait(2);
  }

  /** What the client holds against the true market, which stands still meanwhile. */
  async wrongPrices(): Promise<string[]> {
    await this.platform.sim('pause', { paused: true });
    const find = async (): Promise<string[]> => {
      const found: string[] = [];
      for (const chain of this.client.frames.held.values()) {
        const { underlying, expiry } = chain.layout;
        const path = `truth/chain?underlying=${underlying}&expiry=${expiry}`;
        const truth = (await this.platform.sim(path)) as TrueChain;
        const wrong = truthDifferences(chain, truth).filter((one) => / ltp /.test(one));
        found.push(...wrong.map((one) => `${underlying} ${expiry} ${one}`));
      }
      return found;
    };
    try {
      return await eventually(find, ({ length }) => length === 0, 5_000).catch(find);
    } finally {
      await this.platform.sim('pause', { paused: false });
    }
  }

  /** What the client has met that it should not. */
  clientTroubles(): string[] {
    const { closed, frames } = this.client;
    return [
      ...(closed ? [`the client was cut off: ${closed.code} ${closed.reason}`] : []),
      ...frames.faults,
    ];
  }

  /** Waits until all accounts deliver and the other broker's names are known, then watches. */
  private async watch(): Promise<void> {
    await eventually(() => this.failover(), ({ accounts, level }) =>
      level === 0 && accounts.length === 3 && accounts.every(({ sockets, tickAgeMs }) =>
        sockets.live > 0 && sockets.live === sockets.wanted && tickAgeMs !== null), withinMs);
    // What a start has missed is asked for.
    await eventually(() => this.status(), ({ phase, requests: { waiting }, underlyings: all }) =>
      phase === 'live' && waiting.admin + waiting.build + waiting.gap === 0 &&
      all.every(({ chains }) => chains.every(({ restAgeMs }) => restAgeMs !== null)), withinMs);
    // Names of the other broker are read ahead, while all is well.
    await eventually(() => this.platform.api.output(), (text) =>
      text.includes('contracts found at another broker'), withinMs);
    this.held = await SocketClient.open(this.platform.socketUrl(), this.platform.headers);
    const { client } = this;
    for (const [id, underlying] of underlyings.entries()) {
      client.send({ type: 'subscribe', id, channel: 'chain', encoding: 'binary', underlying });
    }
    await eventually(() => client.frames.held.size, (size) => size === underlyings.length);
  }

  private add(broker: string, label: string, credentials: object): Promise<unknown> {
    return this.post('/api/accounts', { broker, label, credentials });
  }
}
