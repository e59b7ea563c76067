import type { InstrumentInfo, InstrumentTable, InstrumentToken } from '@strikewire/broker';
import { segmentOfMasterRow } from '../map/segments';
import type { MasterRow } from './instrument-master';

/** Collects options and futures of the wanted underlyings while the master passes by. */
export interface OptionTable {
  add(row: MasterRow): void;
  /** By token. */
  readonly table: InstrumentTable;
}

/** What contracts of one underlying share. */
type OptionFacts = Omit<InstrumentInfo, 'token' | 'symbol'>;

/**
 * `wanted`: keys of underlyings. Metadata only: the file's expiry dates are left alone, because
 * the expiry list is the only truth about them. Commodities have lots of 1: MCX counts in lots.
 */
export function createOptionTable(wanted: ReadonlySet<string>): OptionTable {
  const rows = new OptionRows();
  return {
    add(row) {
      if (!wanted.has(`${row.exchange}:${row.underlying}`)) return;
      const segment = segmentOfMasterRow(row.exchange, row.segment);
      const lotSize = Number(row.lotSize);
      if (!segment || !(lotSize > 0)) return;
      // Ticks are paise in this file: "5.0000" is five hundredths of a rupee.
      const tickPaise = Number(row.tickSize) || 5;
      // The quantity at which an order is frozen: the largest that passes is one less.
      const frozenAt = Number(row.freeze);
      const freezeQuantity = frozenAt > 1 ? frozenAt - 1 : null;
      const symbol = row.symbol.includes('-') ? row.symbol : row.display;
      rows.set({ segment, id: row.id }, symbol, { lotSize, tickPaise, freezeQuantity });
    },
    table: {
      get size() {
        return rows.size;
      },
      get: (token) => rows.get(token),
    },
  };
}

/**
 * A hundred thousand contracts in a few megabytes: names lie side by side in one buffer, and what
 * contracts share is kept once. As objects they would take ten times as much, all day long.
 */
class OptionRows {
  /** Row by numeric id, per segment: Dhan's ids are whole numbers. */
  private readonly bySegment = new Map<string, Map<number, number>>();
  private readonly facts: OptionFacts[] = [];
  private readonly factsByText = new Map<string, number>();
  private factsOf = new Uint32Array(1_024);
  /** Where each row's name ends; the next one begins there. */
  private nameEnds = new Uint32Array(1_024);
  private names = Buffer.alloc(32_768);
  private count = 0;

  get size(): number {
    return [...this.bySegment.values()].reduce((sum, ids) => sum + ids.size, 0);
  }

  /** Of two rows for the same token the later counts. */
  set({ segment, id }: InstrumentToken, symbol: string, facts: OptionFacts): void {
    const number = Number(id);
    if (!Number.isSafeInteger(number)) return;
    const row = this.count++;
    this.grow(symbol.length);
    this.factsOf[row] = this.numberOf(facts);
    const start = this.startOf(row);
    this.nameEnds[row] = start + this.names.write(symbol, start, 'latin1');
    const ids = this.bySegment.get(segment) ?? new Map<number, number>();
    this.bySegment.set(segment, ids.set(number, row));
  }

  get(token: InstrumentToken): InstrumentInfo | undefined {
    const row = this.bySegment.get(token.segment)?.get(Number(token.id));
    const facts = row === undefined ? undefined : this.facts[this.factsOf[row] ?? -1];
    if (row === undefined || !facts) return undefined;
    const symbol = this.names.toString('latin1', this.startOf(row), this.nameEnds[row]);
    return { token: { segment: token.segment, id: token.id }, symbol, ...facts };
  }

  private startOf(row: number): number {
    return row === 0 ? 0 : (this.nameEnds[row - 1] ?? 0);
  }

  private numberOf(facts: OptionFacts): number {
    const text = `${facts.lotSize} ${facts.tickPaise} ${facts.freezeQuantity}`;
    const known = this.factsByText.get(text);
    if (known !== undefined) return known;
    this.factsByText.set(text, this.facts.length);
    return this.facts.push(facts) - 1;
  }

  private grow(nameLength: number): void {
    if (this.count > this.nameEnds.length) {
      this.nameEnds = doubled(this.nameEnds);
      this.factsOf = doubled(this.factsOf);
    }
    const end = this.startOf(this.count - 1) + nameLength;
    if (end <= this.names.length) return;
    const names = Buffer.alloc(Math.max(2 * this.names.length, end));
    this.names.copy(names);
    this.names = names;
  }
}

function doubled(numbers: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const next = new Uint32Array(2 * numbers.length);
  next.set(numbers);
  return next;
}
