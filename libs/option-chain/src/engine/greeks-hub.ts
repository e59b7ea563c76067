import {
  indiaIsoOf,
  socketLimits,
  type GreeksUpdate,
  type OptionType,
  type PcrUpdate,
} from '@strikewire/contracts';
import type { Clock, Timer } from '@strikewire/runtime';
import { legGreeks, legUpdate } from './leg-json';
import type { LiveChain } from './live-chain';
import type { StreamClient } from './stream-hub';

/** Everybody who follows the Greeks of one chain. */
interface Room {
  chain: LiveChain;
  generation: number;
  /** The store's version up to which contracts have been told. */
  told: number;
  toldPcr: string;
  /** Since when a client's buffer has been over its cap; it is told all when it drains. */
  clients: Map<StreamClient, number | null>;
}

/** Each contract is told at most this often. */
const roundMs = 1_000;
const noGreeks = { delta: null, gamma: null, theta: null, vega: null, rho: null };

/** Tells who follows a chain's Greeks of every contract that has changed, once a second. */
export class GreeksHub {
  private readonly clock: Clock;
  private readonly refresh: (chain: LiveChain) => void;
  private readonly rooms = new Map<LiveChain, Room>();
  private timer: Timer | undefined;

  /** `refresh` takes what has changed into the chain. */
  constructor(options: { clock: Clock; refresh(chain: LiveChain): void }) {
    this.clock = options.clock;
    this.refresh = options.refresh;
  }

  /** Tells the client of every contract, and from now on of what changes. */
  join(chain: LiveChain, client: StreamClient): void {
    const room = this.rooms.get(chain) ?? this.open(chain);
    room.clients.set(client, null);
    this.tellAll(room, client);
    this.timer ??= this.clock.after(roundMs, () => this.round());
  }

  leave(client: StreamClient): void {
    for (const [chain, room] of this.rooms) {
      room.clients.delete(client);
      if (room.clients.size === 0) this.rooms.delete(chain);
    }
  }

  /** A chain is gone: who followed it is let go, and finds the next by connecting again. */
  retire(chain: LiveChain): void {
    const room = this.rooms.get(chain);
    this.rooms.delete(chain);
    for (const client of room?.clients.keys() ?? []) client.cut('the chain has expired');
  }

  stop(): void {
    this.timer?.cancel();
    this.rooms.clear();
  }

  private open(chain: LiveChain): Room {
    this.refresh(chain);
    const room: Room = {
      chain,
      generation: chain.generation.number,
      told: chain.storeVersion,
      toldPcr: JSON.stringify(pcrData(chain)),
      clients: new Map(),
    };
    this.rooms.set(chain, room);
    return room;
  }

  private round(): void {
    for (const room of this.rooms.values()) this.tell(room);
    this.timer = undefined;
    if (this.rooms.size > 0) this.timer = this.clock.after(roundMs, () => this.round());
  }

  private tell(room: Room): void {
    const { chain, clients } = room;
    this.refresh(chain);
    const isNew = chain.generation.number !== room.generation;
    const messages = this.changes(room, isNew ? -1 : room.told);
    room.generation = chain.generation.number;
    room.told = chain.storeVersion;
    for (const client of clients.keys()) {
      if (this.isSlow(room, client)) continue;
      for (const message of messages) client.send(message);
    }
  }

  /** Over its cap a client is skipped, then told all; past its time it is cut. */
  private isSlow(room: Room, client: StreamClient): boolean {
    const slowSince = room.clients.get(client) ?? null;
    const buffered = client.bufferedBytes();
    if (slowSince === null) {
      if (buffered <= socketLimits.bufferedBytesMax) return false;
      room.clients.set(client, this.clock.monoMs());
    } else if (buffered <= socketLimits.bufferedBytesMax / 2) {
      room.clients.set(client, null);
      this.tellAll(room, client);
    } else if (this.clock.monoMs() - slowSince > socketLimits.slowMsMax) {
      this.leave(client);
      client.cut('too slow: the buffer stayed over its limit');
    }
    return true;
  }

  private tellAll({ chain }: Room, client: StreamClient): void {
    for (const message of this.contracts(chain, -1)) client.send(message);
    client.send(this.pcr(chain));
  }

  private changes(room: Room, since: number): string[] {
    const messages = this.contracts(room.chain, since);
    const pcr = JSON.stringify(pcrData(room.chain));
    if (pcr !== room.toldPcr) messages.push(this.pcr(room.chain));
    room.toldPcr = pcr;
    return messages;
  }

  /** The contracts that changed after a version of the store; -1: all. */
  private contracts(chain: LiveChain, since: number): string[] {
    const { store, slots } = chain;
    const timestamp = indiaIsoOf(this.clock.wallMs());
    const messages: string[] = [];
    for (let row = 0; row < slots.legCount; row++) {
      const slot = slots.firstSlot + row;
      const changedAt = Math.max(store.changedAt[slot] ?? 0, store.derivedAt[slot] ?? 0);
      if (changedAt <= since) continue;
      const data = { ...contractData(chain, row), timestamp };
      messages.push(JSON.stringify({ type: 'greeks_update', data } satisfies GreeksUpdate));
    }
    return messages;
  }

  private pcr(chain: LiveChain): string {
    const data = { ...pcrData(chain), timestamp: indiaIsoOf(this.clock.wallMs()) };
    return JSON.stringify({ type: 'pcr_update', data } satisfies PcrUpdate);
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
  return { symbol, expiry, pcr: ceOi > 0 ? peOi / ceOi : null, totalCeOi: ceOi, totalPeOi: peOi };
}
