import {
  indiaIsoOf,
  socketLimits,
  type GreeksUpdate,
  type OptionType,
  type PcrUpdate,
} from '@strikewire/contracts';
import type { Clock, Timer } from '@strikewire/runtime';
import { roundedOrNull } from './figures-json';
import { legGreeks, legUpdate } from './leg-json';
import type { LiveChain } from './live-chain';
import type { StreamClient } from './stream-client';

/** A client that takes texts, which are encoded once for many, several in one write. */
export interface TextClient extends Pick<StreamClient, 'bufferedBytes' | 'cut'> {
  sendTexts(texts: readonly Uint8Array[]): void;
}

/** A message, encoded once for all, and the store's version that it is of. */
interface Message {
  version: number;
  bytes: Buffer;
}

/** One who follows the Greeks of a chain. */
interface Follower {
  client: TextClient;
  /** The store's version up to which it has been told; -1: it is told all. */
  told: number;
  /** It is told again from then on: no contract more than once a second. */
  dueMono: number;
  /** Since when its buffer has been over its cap; it is told all when it drains. */
  slowSinceMono: number | null;
}

/** Everybody who follows the Greeks of one chain, and what there is to tell. */
interface Room {
  chain: LiveChain;
  generation: number;
  /** The store's version that the messages are of. */
  version: number;
  /** One message per row, then the ratio; each as of its last change. */
  messages: Message[];
  pcr: string;
  followers: Map<TextClient, Follower>;
}

/** Each contract is told at most this often. */
const roundMs = 1_000;
/** Rounds become this many times longer at the most when load is shed. */
const scaleMax = 4;
/** Slack of a round for who joined between two of them: timers are never exact. */
const slackMs = 25;
/** Work per turn of the event loop; the rest goes on in the next turn. */
const sliceMs = 2;
const noGreeks = { delta: null, gamma: null, theta: null, vega: null, rho: null };

/** Tells who follows a chain's Greeks of every contract that has changed, once a second. */
export class GreeksHub {
  private readonly clock: Clock;
  private readonly refresh: (chain: LiveChain) => void;
  private readonly rooms = new Map<LiveChain, Room>();
  /** Each follows one chain. */
  private readonly following = new Map<TextClient, Room>();
  private timer: Timer | undefined;
  private scale = 1;

  /** `refresh` takes what has changed into the chain. */
  constructor(options: { clock: Clock; refresh(chain: LiveChain): void }) {
    this.clock = options.clock;
    this.refresh = options.refresh;
  }

  /** Tells the client of every contract, and from now on of what changes. */
  join(chain: LiveChain, client: TextClient): void {
    this.leave(client);
    const room = this.rooms.get(chain) ?? this.open(chain);
    this.following.set(client, room);
    const follower = { client, told: -1, dueMono: 0, slowSinceMono: null };
    room.followers.set(client, follower);
    this.update(room);
    this.tell(room, follower);
    this.arm();
  }

  leave(client: TextClient): void {
    const room = this.following.get(client);
    this.following.delete(client);
    room?.followers.delete(client);
    if (room?.followers.size === 0) this.rooms.delete(room.chain);
  }

  /** A chain is gone: who followed it is let go, and finds the next by connecting again. */
  retire(chain: LiveChain): void {
    const room = this.rooms.get(chain);
    this.rooms.delete(chain);
    for (const client of room?.followers.keys() ?? []) {
      this.following.delete(client);
      client.cut('the chain has expired');
    }
  }

  /**
   * Sheds load: 1 is as usual, 2 tells half as often, and so on up to a quarter.
   * @throws RangeError below 1
   */
  setFlushScale(scale: number): void {
    if (!(scale >= 1)) throw new RangeError(`[option-chain] scale was ${scale}, needs 1 or more`);
    this.scale = Math.min(scale, scaleMax);
  }

  clientCount(): number {
    return this.following.size;
  }

  stop(): void {
    this.timer?.cancel();
    this.rooms.clear();
    this.following.clear();
  }

  private open(chain: LiveChain): Room {
    const room: Room = {
      chain,
      generation: -1,
      version: -1,
      messages: [],
      pcr: '',
      followers: new Map(),
    };
    this.rooms.set(chain, room);
    return room;
  }

  private arm(): void {
    this.timer ??= this.clock.after(roundMs * this.scale, () => this.round());
  }

  private round(): void {
    const queue: [Room, Follower][] = [];
    for (const room of this.rooms.values()) {
      this.update(room);
      for (const follower of room.followers.values()) queue.push([room, follower]);
    }
    this.work(queue, this.clock.monoMs());
  }

  /** Tells one after the other, in slices, so that many followers hold nobody else up. */
  private work(queue: [Room, Follower][], roundMono: number): void {
    const startMono = this.clock.monoMs();
    for (;;) {
      const next = queue.pop();
      if (!next) break;
      const [room, follower] = next;
      if (room.followers.get(follower.client) === follower && follower.dueMono <= roundMono) {
        this.tell(room, follower);
      }
      if (this.clock.monoMs() - startMono <= sliceMs) continue;
      this.timer = this.clock.after(0, () => this.work(queue, roundMono));
      return;
    }
    this.timer = undefined;
    if (this.rooms.size > 0) this.arm();
  }

  private tell(room: Room, follower: Follower): void {
    if (this.isSlow(follower)) return;
    const { client, told } = follower;
    const news = room.messages.filter(({ version }) => version > told);
    if (news.length > 0) client.sendTexts(news.map(({ bytes }) => bytes));
    follower.told = room.version;
    follower.dueMono = this.clock.monoMs() + roundMs * this.scale - slackMs;
  }

  /** Over its cap a client is skipped, and told all once it has drained; past its time cut. */
  private isSlow(follower: Follower): boolean {
    const { client, slowSinceMono } = follower;
    const buffered = client.bufferedBytes();
    if (slowSinceMono === null) {
      if (buffered <= socketLimits.bufferedBytesMax) return false;
      follower.slowSinceMono = this.clock.monoMs();
      return true;
    }
    if (buffered <= socketLimits.bufferedBytesMax / 2) {
      follower.slowSinceMono = null;
      follower.told = -1;
      return false;
    }
    if (this.clock.monoMs() - slowSinceMono > socketLimits.slowMsMax) {
      this.leave(client);
      client.cut('too slow: the buffer stayed over its limit');
    }
    return true;
  }

  /** Encodes what has changed, once for all who will be told of it. */
  private update(room: Room): void {
    const { chain } = room;
    this.refresh(chain);
    const { store, slots, generation } = chain;
    room.version = chain.storeVersion;
    if (generation.number !== room.generation) {
      room.generation = generation.number;
      room.messages = [];
      room.pcr = '';
      for (const follower of room.followers.values()) follower.told = -1;
    }
    const timestamp = indiaIsoOf(this.clock.wallMs());
    for (let row = 0; row < slots.legCount; row++) {
      const slot = slots.firstSlot + row;
      const version = Math.max(store.changedAt[slot] ?? 0, store.derivedAt[slot] ?? 0);
      if (room.messages[row]?.version === version) continue;
      const data = { ...contractData(chain, row), timestamp };
      const message: GreeksUpdate = { type: 'greeks_update', data };
      room.messages[row] = { version, bytes: Buffer.from(JSON.stringify(message)) };
    }
    const pcr = pcrData(chain);
    if (JSON.stringify(pcr) === room.pcr) return;
    room.pcr = JSON.stringify(pcr);
    const message: PcrUpdate = { type: 'pcr_update', data: { ...pcr, timestamp } };
    const bytes = Buffer.from(JSON.stringify(message));
    room.messages[slots.legCount] = { version: chain.storeVersion, bytes };
  }
}

function contractData(chain: LiveChain, row: number): Omit<GreeksUpdate['data'], 'timestamp'> {
  const { store, slots } = chain;
  const { skeleton, firstSlot, legKeys } = slots;
  const type: OptionType = row % 2 === 0 ? 'CE' : 'PE';
  const strike = skeleton.strikes[row >> 1] as (typeof skeleton.strikes)[number];
  const { ltp, oi } = legUpdate(store, firstSlot + row);
  const { iv, greeks } = legGreeks(store, firstSlot + row);
  return {
    instrumentKey: legKeys[row] ?? '',
    symbol: strike[type].symbol,
    strike: strike.strikePaise / 100,
    type,
    expiry: skeleton.expiry,
    price: ltp,
    oi,
    iv,
    greeks: greeks ?? noGreeks,
  };
}

function pcrData({ slots, pricer }: LiveChain): Omit<PcrUpdate['data'], 'timestamp'> {
  const { ceOi, peOi } = pricer.totals;
  const { symbol, expiry } = slots.skeleton;
  return {
    symbol,
    expiry,
    pcr: ceOi > 0 ? roundedOrNull(peOi / ceOi, 9) : null,
    totalCeOi: roundedOrNull(ceOi, 0),
    totalPeOi: roundedOrNull(peOi, 0),
  };
}
