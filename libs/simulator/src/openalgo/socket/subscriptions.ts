import type { FaceDeps } from '../../faces/face';
import type { Contract } from '../../market/contract';
import { changed } from '../../market/evolution';
import { exchangeOf, type Symbols } from '../symbols';
import type { OpenalgoMode } from './client-message';
import type { OpenalgoSession } from './openalgo-session';
import { tickData, tickMessage } from './tick-text';

/** Who gets a contract in a mode. */
interface Reader {
  readonly session: OpenalgoSession;
  readonly mode: OpenalgoMode;
}

/** A contract that somebody gets, and its readers. */
interface Line {
  readonly contract: Contract;
  readonly symbol: string;
  readonly exchange: string;
  readonly readers: Reader[];
  isChanged: boolean;
  /** Bits of what has changed. */
  what: number;
}

/** Modes are numbered from 1. */
const modesMax = 3;

/** Of a user over all connections; whatever the broker behind would bear. */
const symbolsMax = 3_000;

/** Who gets which contract in which modes; each mode is a subscription of its own. */
export class OpenalgoSubscriptions {
  messages = 0;
  private readonly deps: FaceDeps & { symbols: Symbols };
  private readonly lines = new Map<Contract, Line>();
  private readonly userCounts = new Map<string, number>();
  private changedLines: Line[] = [];

  constructor(deps: FaceDeps & { symbols: Symbols }) {
    this.deps = deps;
  }

  /** Whether it is there now; else the user has as many as there may be. */
  add(session: OpenalgoSession, contract: Contract, mode: OpenalgoMode): boolean {
    let line = this.lines.get(contract);
    const { clientId } = session;
    if (!line || !line.readers.some((reader) => reader.session.clientId === clientId)) {
      const count = this.userCounts.get(clientId) ?? 0;
      if (count >= symbolsMax) {
        this.deps.violations.add('openalgo_symbols', `${clientId} over ${symbolsMax}`);
        return false;
      }
      this.userCounts.set(clientId, count + 1);
    }
    if (!line) {
      line = {
        contract, symbol: this.deps.symbols.symbolOf(contract), exchange: exchangeOf(contract),
        readers: [], isChanged: false, what: 0,
      };
      this.lines.set(contract, line);
      this.deps.market.watch(contract);
    }
    const modes = session.modes.get(contract) ?? new Set();
    if (!modes.has(mode)) line.readers.push({ session, mode });
    session.modes.set(contract, modes.add(mode));
    return true;
  }

  /** Whether there was such a subscription; without a mode, of any. */
  remove(session: OpenalgoSession, contract: Contract, mode?: OpenalgoMode): boolean {
    const line = this.lines.get(contract);
    const isMeant = (reader: Reader): boolean =>
      reader.session === session && (mode === undefined || reader.mode === mode);
    if (!line?.readers.some(isMeant)) return false;
    const rest = line.readers.filter((reader) => !isMeant(reader));
    line.readers.splice(0, Infinity, ...rest);
    const modes = session.modes.get(contract);
    if (mode !== undefined) modes?.delete(mode);
    if (mode === undefined || modes?.size === 0) session.modes.delete(contract);
    const { clientId } = session;
    if (!rest.some((reader) => reader.session.clientId === clientId)) {
      this.userCounts.set(clientId, (this.userCounts.get(clientId) ?? 1) - 1);
    }
    if (rest.length === 0) {
      this.lines.delete(contract);
      this.deps.market.unwatch(contract);
    }
    return true;
  }

  removeAll(session: OpenalgoSession): void {
    for (const contract of [...session.modes.keys()]) this.remove(session, contract);
  }

  /** Notes a change; it is told at the end of the bundle. */
  ticked(contract: Contract, what: number): void {
    const line = this.lines.get(contract);
    if (!line) return;
    line.what |= what;
    if (line.isChanged) return;
    line.isChanged = true;
    this.changedLines.push(line);
  }

  /** Sends what has changed, a message for each. */
  flush(): void {
    if (this.changedLines.length === 0) return;
    const lines = this.changedLines;
    this.changedLines = [];
    for (const line of lines) {
      this.tell(line);
      line.isChanged = false;
      line.what = 0;
    }
  }

  /** A user's readers all get the data of the highest mode among them. */
  private tell({ contract, symbol, exchange, readers, what }: Line): void {
    const { clock, faults } = this.deps;
    const place = { symbol, exchange, nowMs: clock.wallMs(), skewMs: faults.skewMs() };
    const data: string[] = [];
    const messages: string[] = [];
    for (const { session, mode } of readers) {
      const highest = highestMode(readers, session.clientId);
      if (highest === 1 && !(what & changed.trade)) continue;
      const text = (data[highest] ??= tickData(contract, highest, place));
      session.outlet.send((messages[modesMax * highest + mode] ??= tickMessage(mode, place, text)));
    }
  }
}

function highestMode(readers: readonly Reader[], clientId: string): OpenalgoMode {
  let highest: OpenalgoMode = 1;
  for (const { session, mode } of readers) {
    if (mode > highest && session.clientId === clientId) highest = mode;
  }
  return highest;
}
