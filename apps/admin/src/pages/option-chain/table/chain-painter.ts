import { emptyLegFigures, readLeg, type ChainHead, type ChainView } from '@strikewire/client';
import { tagOf } from '@strikewire/market-data';
import { moveText, type TableColumns, type TableLeg, type Tone } from './columns';
import { barSizes, roundedUp } from './leg-bars';
import { heatLevelOf, liquidityOf } from './liquidity';
import type { MoveWatch } from './move-watch';
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

/** What is drawn over the figures. */
export interface TableMarks {
  isHeatOn: boolean;
  /** Null while no moves are marked. */
  moves: MoveWatch | null;
}

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
  private readonly figures: TableLeg;
  private readonly spotMark: SpotMark;
  private marks: TableMarks = { isHeatOn: false, moves: null };
  private dirtyCount = 0;
  private oiScale = 0;
  private anchorIndex = -2;
  private hasPainted = false;

  constructor(body: HTMLTableSectionElement, view: ChainView, columns: TableColumns) {
    this.view = view;
    this.columns = columns;
    this.figures = { ...emptyLegFigures(), lotSize: view.layout.lotSize, movePercent: NaN };
    this.rows = createRows(body, view.layout.strikes, columns);
    this.spotMark = createSpotMark(this.rows, view.layout.strikes);
    this.dirty = new Uint8Array(view.store.capacity);
    this.flashEndsMs = new Float64Array(view.store.capacity * columns.calls.length);
  }

  /** Draws other marks from now on. */
  setMarks(marks: TableMarks): void {
    this.marks = marks;
    this.mark(Array.from({ length: this.view.store.capacity }, (_, leg) => leg));
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
    const leg = this.read(2 * index + (isCall ? 0 : 1));
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
    const figures = this.read(leg);
    columns.forEach((column, at) => {
      const text = target.texts[at];
      const next = column.text(figures);
      const cell = target.cells[at];
      if (!text || !cell) return;
      // A book's colour also hangs on the other side, so it may change without the text.
      if (column.tone) paintTone(target, at, column.tone(figures));
      if (text.data === next) return;
      const wasEmpty = text.data === '';
      text.data = next;
      if (flashAtMs !== null && !wasEmpty) this.flash(cell, leg * columns.length + at, flashAtMs);
    });
    this.paintBar(target, figures);
    paintMove(target, figures.movePercent);
    const score = this.marks.isHeatOn ? liquidityOf(figures, figures.lotSize) : NaN;
    paintHeat(target, heatLevelOf(score));
  }

  private read(leg: number): TableLeg {
    readLeg(this.view.store, leg, this.figures);
    this.figures.movePercent = this.marks.moves?.markOf(leg) ?? NaN;
    return this.figures;
  }

  private flash(cell: HTMLTableCellElement, at: number, nowMonoMs: number): void {
    if ((this.flashEndsMs[at] ?? 0) > nowMonoMs) return;
    this.flashEndsMs[at] = nowMonoMs + flashMs;
    // Two names for one animation: changing over starts it anew without forcing a layout.
    const isOdd = cell.classList.contains('flash-a');
    cell.classList.toggle('flash-a', !isOdd);
    cell.classList.toggle('flash-b', isOdd);
  }

  /** Bars are the cell's ground, so that they cost no layout and no layer. */
  private paintBar(cells: LegCells, leg: TableLeg): void {
    const next = barSizes(leg, this.oiScale);
    if (cells.bars === next) return;
    cells.bars = next;
    cells.oi.style.backgroundSize = next;
  }

  /** The bars' full length grows in steps, so that one leg's growth does not move all of them. */
  private rescale(oiMax: number): void {
    const scale = roundedUp(oiMax);
    if (scale === this.oiScale) return;
    this.oiScale = scale;
    this.rows.forEach(({ call, put }, index) => {
      this.paintBar(call, this.read(2 * index));
      this.paintBar(put, this.read(2 * index + 1));
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

function paintTone({ cells, tones }: LegCells, at: number, next: Tone | ''): void {
  const shown = tones[at] ?? '';
  if (shown === next) return;
  tones[at] = next;
  if (shown) cells[at]?.classList.remove(shown);
  if (next) cells[at]?.classList.add(next);
}

function paintMove({ ltp, move }: LegCells, percent: number): void {
  const next = Number.isNaN(percent) ? '' : moveText(percent);
  if (move.data === next) return;
  move.data = next;
  ltp.classList.toggle('rise', percent > 0);
  ltp.classList.toggle('fall', percent < 0);
}

/** The shade is an attribute of the cells, which the styles turn into a ground. */
function paintHeat(target: LegCells, level: number): void {
  if (target.heat === level) return;
  target.heat = level;
  for (const cell of target.cells) {
    if (level < 0) delete cell.dataset['heat'];
    else cell.dataset['heat'] = String(level);
  }
}
