import { indiaInstant } from '@strikewire/contracts';
import type { FaceDeps } from '../../faces/face';
import type { Contract } from '../../market/contract';
import { changed } from '../../market/evolution';
import { greeksOf, type UpstoxGreeks } from '../greeks';
import type { Keys } from '../keys';
import { encodeFeed, encodeFeeds } from './feed-encoder';
import type { UpstoxFeedMode, UpstoxFeedRequest } from './feed-request';
import { keysMaxOf } from './key-limits';
import type { UpstoxSession } from './upstox-session';

/** A contract in a mode, and who gets it so. */
interface Line {
  readonly contract: Contract;
  readonly key: string;
  readonly mode: UpstoxFeedMode;
  readonly sessions: UpstoxSession[];
  isChanged: boolean;
  /** Of an option, as they were found last: the next vol is near. */
  greeks: UpstoxGreeks | undefined;
  greeksMono: number;
  /** The contract's day, and when that began. */
  day: string;
  dayMs: number;
}

export interface UpstoxSubscriptions {
  apply(session: UpstoxSession, request: UpstoxFeedRequest): void;
  /** Notes a change; it is told at the end of the bundle. */
  ticked(contract: Contract, what: number): void;
  /** Sends what has changed. */
  flush(): void;
  removeAll(session: UpstoxSession): void;
  /** Messages received. */
  readonly messages: number;
}

/** What subscriptions are made from. */
export interface UpstoxSubscriptionsDeps extends FaceDeps {
  keys: Keys;
  /** Greeks that were found are told for so long. Milliseconds; 0: they go with every price. */
  greeksMs: number;
}

/** A message holds no more entries. */
const entriesMax = 200;

/** Who gets which contract how. Keys over a limit are passed over, and noted. */
export function createUpstoxSubscriptions(deps: UpstoxSubscriptionsDeps): UpstoxSubscriptions {
  return new Subscriptions(deps);
}

class Subscriptions implements UpstoxSubscriptions {
  messages = 0;
  private readonly deps: UpstoxSubscriptionsDeps;
  private readonly lines = new Map<Contract, Line[]>();
  private changedLines: Line[] = [];

  constructor(deps: UpstoxSubscriptionsDeps) {
    this.deps = deps;
  }

  apply(session: UpstoxSession, request: UpstoxFeedRequest): void {
    this.messages++;
    const contracts = request.keys.flatMap((key) => this.deps.keys.look(key) ?? []);
    if (request.method === 'unsub') {
      for (const contract of contracts) this.remove(session, contract);
      return;
    }
    const { mode, method } = request;
    const lines: Line[] = [];
    for (const contract of contracts) {
      const isMeant = method === 'sub' || session.modes.has(contract);
      if (!isMeant || !this.isWithin(session, contract, mode)) continue;
      lines.push(this.add(session, contract, mode));
    }
    for (let from = 0; from < lines.length; from += entriesMax) {
      const entries = lines.slice(from, from + entriesMax).map((line) => this.encode(line));
      session.outlet.send(encodeFeeds('initial_feed', entries, this.nowMs()));
    }
  }

  ticked(contract: Contract, what: number): void {
    const lines = this.lines.get(contract);
    if (!lines) return;
    for (const line of lines) {
      // A last price says nothing of a change of the book.
      if (line.isChanged || (line.mode === 'ltpc' && !(what & changed.trade))) continue;
      line.isChanged = true;
      this.changedLines.push(line);
    }
  }

  flush(): void {
    if (this.changedLines.length === 0) return;
    const pending = new Map<UpstoxSession, Uint8Array[]>();
    for (const line of this.changedLines) {
      line.isChanged = false;
      if (line.sessions.length === 0) continue;
      const entry = this.encode(line);
      for (const session of line.sessions) {
        const entries = pending.get(session);
        if (entries) entries.push(entry);
        else pending.set(session, [entry]);
      }
    }
    this.changedLines = [];
    for (const [session, entries] of pending) {
      for (let from = 0; from < entries.length; from += entriesMax) {
        const some = entries.slice(from, from + entriesMax);
        session.outlet.send(encodeFeeds('live_feed', some, this.nowMs()));
      }
    }
  }

  removeAll(session: UpstoxSession): void {
    for (const contract of [...session.modes.keys()]) this.remove(session, contract);
  }

  private isWithin(session: UpstoxSession, contract: Contract, mode: UpstoxFeedMode): boolean {
    if (session.modes.get(contract) === mode) return true;
    const most = keysMaxOf(session, mode);
    if (session.count(mode) < most) return true;
    if (most > 0) {
      this.deps.violations.add('upstox_feed_keys', `${session.clientId} over ${most} ${mode}`);
    }
    return false;
  }

  /** A key that was there in another mode changes to this one. */
  private add(session: UpstoxSession, contract: Contract, mode: UpstoxFeedMode): Line {
    const isWatched = session.modes.has(contract);
    if (isWatched) this.leaveLine(session, contract);
    else this.deps.market.watch(contract);
    session.modes.set(contract, mode);
    const ofContract = this.lines.get(contract) ?? [];
    let line = ofContract.find((one) => one.mode === mode);
    if (!line) {
      const key = this.deps.keys.keyOf(contract);
      line = {
        contract, key, mode, sessions: [], isChanged: false, greeks: undefined,
        greeksMono: -Infinity, day: '', dayMs: 0,
      };
      this.lines.set(contract, [...ofContract, line]);
    }
    line.sessions.push(session);
    return line;
  }

  private remove(session: UpstoxSession, contract: Contract): void {
    if (!session.modes.has(contract)) return;
    this.leaveLine(session, contract);
    session.modes.delete(contract);
    this.deps.market.unwatch(contract);
  }

  private leaveLine(session: UpstoxSession, contract: Contract): void {
    const mode = session.modes.get(contract);
    const lines = this.lines.get(contract) ?? [];
    const line = lines.find((one) => one.mode === mode);
    line?.sessions.splice(line.sessions.indexOf(session), 1);
    const rest = lines.filter(({ sessions }) => sessions.length > 0);
    if (rest.length > 0) this.lines.set(contract, rest);
    else this.lines.delete(contract);
  }

  private encode(line: Line): Uint8Array {
    const { contract, key, mode } = line;
    const isGreek = mode !== 'ltpc' && contract.type !== undefined;
    const greeks = isGreek ? this.greeksOf(line) : undefined;
    const day = contract.day || this.deps.market.today();
    if (day !== line.day) [line.day, line.dayMs] = [day, indiaInstant(day, 0)];
    const { dayMs } = line;
    return encodeFeed(contract, { key, mode, greeks, dayMs, skewMs: this.deps.faults.skewMs() });
  }

  private greeksOf(line: Line): UpstoxGreeks {
    const { clock, market, greeksMs } = this.deps;
    const nowMono = clock.monoMs();
    if (line.greeks && nowMono - line.greeksMono < greeksMs) return line.greeks;
    line.greeks = greeksOf(market, line.contract, line.greeks?.iv);
    line.greeksMono = nowMono;
    return line.greeks;
  }

  private nowMs(): number {
    return this.deps.clock.wallMs() + this.deps.faults.skewMs();
  }
}
