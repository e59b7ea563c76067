import {
  emptyLegFigures,
  readLeg,
  type ChainHead,
  type ChainView,
  type LegFigures,
} from '@strikewire/client';
import { tagOf } from '@strikewire/market-data';
import type { Column, TableColumns } from './columns';
import { createSpotMark, type SpotMark } from './spot-mark';
import { createRows, type LegCells, type StrikeRow } from './table-rows';

/** A cell flashes for this long, and not again before it is over; see chain-table.css. */
export const flashMs = 300;
/** When more legs than this change in one frame, none flashes: it would point at nothing. */
const flashingLegsMax = 24;
/** Legs off screen that one frame brings up to date; those on screen are all painted. */
const hiddenLegsPerFrame = 24;
/** A leg not heard of for this long is dimmed while the market is open. */
export const oldLegMs = 60_000;

export interface PaintOptions {
  nowMonoMs: number;
  /** Strikes on screen, as indices: first and last. */
  visible: readonly [number, number];
  /** Largest OI of the chain, which the bars are measured by. */
  oiMax: number;
}

/**
 * Writes a chain's figures into the cells of its table: only legs that changed, only cells whose
 * text differs. Rows on screen first; the others follow within a few frames.
 */
export class ChainPainter {
  readonly rows: StrikeRow[];
  private readonly view: ChainView;
  private readonly columns: TableColumns;
  private readonly dirty: Uint8Array;
  private readonly flashEndsMs: Float64Array;
  private readonly figures: LegFigures = emptyLegFigures();
  private readonly spotMark: SpotMark;
  private dirtyCount = 0;
  private oiScale = 0;
  private anchorIndex = -2;
  private hasPainted = false;

  constructor(body: HTMLTableSectionElement, view: ChainView, columns: TableColumns) {
    this.view = view;
    this.columns = columns;
    this.rows = createRows(body, view.layout.strikes, columns);
    this.spotMark = createSpotMark(this.rows, view.layout.strikes);
    this.dirty = new Uint8Array(view.store.capacity);
    this.flashEndsMs = new Float64Array(view.store.capacity * columns.calls.length);
  }

  /** Notes rows of the store that changed. */
  mark(legs: readonly number[]): void {
    for (const leg of legs) {
      if (this.dirty[leg] === 0) this.dirtyCount++;
      this.dirty[leg] = 1;
    }
  }

  /** Paints what was marked; true when some of it is left for another frame. */
  paint(options: PaintOptions): boolean {
    if (this.view.head) this.paintHead(this.view.head);
    this.rescale(options.oiMax);
    if (this.dirtyCount > 0) this.paintLegs(options);
    this.hasPainted = true;
    return this.dirtyCount > 0;
  }

  /** Dims legs that the feed has not touched for long. `serverNowMs`: epoch ms at the server. */
  markOld(serverNowMs: number, isOpen: boolean): void {
    this.rows.forEach(({ element }, index) => {
      const isOld = (leg: number): boolean =>
        isOpen && serverNowMs - (this.view.store.receivedMs[leg] ?? 0) > oldLegMs;
      element.classList.toggle('ce-old', isOld(2 * index));
      element.classList.toggle('pe-old', isOld(2 * index + 1));
    });
  }

  /** What a cell says in full, with its age; empty for an empty cell. */
  fullTextOf(cell: HTMLTableCellElement, serverNowMs: number): string {
    const index = this.rows.findIndex(({ element }) => element === cell.parentElement);
    const row = this.rows[index];
    if (!row) return '';
    const isCall = row.call.cells.includes(cell);
    const at = (isCall ? row.call : row.put).cells.indexOf(cell);
    const column = (isCall ? this.columns.calls : this.columns.puts)[at];
    if (!column) return '';
    const leg = readLeg(this.view.store, 2 * index + (isCall ? 0 : 1), this.figures);
    if (leg.receivedMs === 0) return 'The market has not said anything about this contract yet';
    const seconds = Math.max(0, Math.round((serverNowMs - leg.receivedMs) / 1_000));
    const full = column.full(leg) || 'Not told by the market';
    return `${full}; leg last touched ${seconds} s ago`;
  }

  private paintLegs({ nowMonoMs, visible: [first, last] }: PaintOptions): void {
    const isVisible = (leg: number): boolean => leg >> 1 >= first && leg >> 1 <= last;
    const changed = this.dirtyLegs();
    const isFlashing =
      this.hasPainted && changed.filter((leg) => isVisible(leg)).length <= flashingLegsMax;
    let hiddenLeft = this.hasPainted ? hiddenLegsPerFrame : Infinity;
    for (const leg of changed) {
      const isSeen = isVisible(leg);
      if (!isSeen && hiddenLeft-- <= 0) continue;
      this.dirty[leg] = 0;
      this.dirtyCount--;
      this.paintLeg(leg, isSeen && isFlashing ? nowMonoMs : null);
    }
  }

  private dirtyLegs(): number[] {
    const legs: number[] = [];
    this.dirty.forEach((isDirty, leg) => {
      if (isDirty === 1) legs.push(leg);
    });
    return legs;
  }

  /** `flashAtMs`: null paints without flashing. */
  private paintLeg(leg: number, flashAtMs: number | null): void {
    const row = this.rows[leg >> 1];
    if (!row) return;
    const isCall = leg % 2 === 0;
    const columns = isCall ? this.columns.calls : this.columns.puts;
    const target = isCall ? row.call : row.put;
    const figures = readLeg(this.view.store, leg, this.figures);
    columns.forEach((column, at) => {
      const text = target.texts[at];
      const next = column.text(figures);
      if (!text || text.data === next) return;
      const wasEmpty = text.data === '';
      text.data = next;
      const cell = target.cells[at];
      if (!cell) return;
      if (column.trend) paintTrend(cell, column, figures);
      if (flashAtMs !== null && !wasEmpty) this.flash(cell, leg * columns.length + at, flashAtMs);
    });
    if (figures.oi >= 0) this.paintBar(target, figures.oi);
  }

  private flash(cell: HTMLTableCellElement, at: number, nowMonoMs: number): void {
    if ((this.flashEndsMs[at] ?? 0) > nowMonoMs) return;
    this.flashEndsMs[at] = nowMonoMs + flashMs;
    // Two names for one animation: changing over starts it anew without forcing a layout.
    const isOdd = cell.classList.contains('flash-a');
    cell.classList.toggle('flash-a', !isOdd);
    cell.classList.toggle('flash-b', isOdd);
  }

  /** The bar is the cell's ground, so that it costs no layout and no layer. */
  private paintBar(cells: LegCells, oi: number): void {
    const share = oi > 0 && this.oiScale > 0 ? Math.min(1, oi / this.oiScale) : 0;
    cells.oi.style.backgroundSize = `${(share * 100).toFixed(1)}% 72%`;
  }

  /** The bars' full length grows in steps, so that one leg's growth does not move all of them. */
  private rescale(oiMax: number): void {
    const scale = roundedUp(oiMax);
    if (scale === this.oiScale) return;
    this.oiScale = scale;
    this.rows.forEach(({ call, put }, index) => {
      this.paintBar(call, readLeg(this.view.store, 2 * index, this.figures).oi);
      this.paintBar(put, readLeg(this.view.store, 2 * index + 1, this.figures).oi);
    });
  }

  private paintHead(head: ChainHead): void {
    this.spotMark.move(head.spotPaise);
    if (head.anchorIndex === this.anchorIndex) return;
    this.anchorIndex = head.anchorIndex;
    this.rows.forEach(({ element, tag }, index) => {
      // A strike's own tag is its call's.
      tag.data = tagOf(index, head.anchorIndex, 'CE') ?? '';
      element.classList.toggle('atm', index === head.anchorIndex);
    });
  }
}

function paintTrend(cell: HTMLTableCellElement, column: Column, figures: LegFigures): void {
  const trend = column.trend?.(figures) ?? 0;
  cell.classList.toggle('up', trend > 0);
  cell.classList.toggle('down', trend < 0);
}

/** The next number with two leading digits: 1,234,567 → 1,300,000. */
function roundedUp(value: number): number {
  if (value <= 0) return 0;
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1);
  return Math.ceil(value / unit) * unit;
}
