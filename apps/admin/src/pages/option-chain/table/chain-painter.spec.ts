import { bookAt, bookInts, field } from '@strikewire/market-data';
import { describe, expect, it } from 'vitest';
import { setLeg, viewOf } from '../../../testing';
import { defaultColumns } from '../column-choice';
import { ChainPainter, flashMs, oldLegMs } from './chain-painter';
import { columnIds, tableColumns } from './columns';
import { createMoveWatch } from './move-watch';

const everyLeg = Array.from({ length: 10 }, (_, leg) => leg);
const onScreen = [0, 4] as const;

function painted(options: Parameters<typeof viewOf>[0] = {}) {
  const view = viewOf(options);
  const body = document.createElement('tbody');
  const painter = new ChainPainter(body, view, tableColumns(defaultColumns));
  const paint = (legs: number[], nowMonoMs = 0, visible: readonly [number, number] = onScreen) => {
    painter.mark(legs);
    return painter.paint({ nowMonoMs, visible, oiMax: 2_000 });
  };
  paint(everyLeg);
  const rows = painter.rows.map(({ element }) => element);
  const cell = (row: number, selector: string): HTMLTableCellElement =>
    rows[row]?.querySelector(selector) as HTMLTableCellElement;
  return { view, body, rows, painter, paint, cell };
}

const isFlashing = ({ classList }: Element): boolean =>
  classList.contains('flash-a') || classList.contains('flash-b');

describe('ChainPainter', () => {
  it('puts calls left and puts right of the strike', () => {
    const { body, rows, cell } = painted();
    expect(body.children).toHaveLength(5);
    expect(cell(0, 'th').textContent).toContain('25,900');
    expect(cell(0, '.ce.ltp').textContent).toBe('100.00');
    expect(cell(0, '.pe.ltp').textContent).toBe('100.01');
    const order = [...(rows[0]?.children ?? [])].map((element) => element.className);
    expect(order.slice(7, 12)).toEqual(['ce ltp', 'ce oi', 'strike', 'pe oi', 'pe ltp']);
  });

  it('tells zero from no data', () => {
    const { cell } = painted();
    expect(cell(0, '.ce.bid').textContent).toBe('0.00');
    expect(cell(0, '.ce.oi-change').textContent).toBe('–');
  });

  it('shows Greeks with their decimals, and none as none', () => {
    const view = viewOf();
    Object.assign(view.store.delta, { 5: -0.4825 });
    Object.assign(view.store.gamma, { 5: 0.001234 });
    Object.assign(view.store.iv, { 5: 12.345 });
    const body = document.createElement('tbody');
    const painter = new ChainPainter(body, view, tableColumns(columnIds));
    painter.mark(everyLeg);
    painter.paint({ nowMonoMs: 0, visible: onScreen, oiMax: 2_000 });
    const cell = (selector: string): HTMLTableCellElement =>
      painter.rows[2]?.element.querySelector(selector) as HTMLTableCellElement;
    const shown = ['.pe.iv', '.pe.delta', '.pe.gamma', '.pe.theta', '.ce.delta'];
    expect(shown.map((selector) => cell(selector).textContent)).toEqual([
      '12.3',
      '−0.48',
      '0.00123',
      '–',
      '–',
    ]);
    expect(painter.fullTextOf(cell('.pe.delta'), 1_000_000)).toMatch(/^Delta −0.4825;/);
    expect(painter.fullTextOf(cell('.ce.delta'), 1_000_000)).toMatch(/^None without an implied/);
  });

  it('writes only what changed, and flashes it once', () => {
    const { view, paint, cell } = painted();
    expect(isFlashing(cell(1, '.ce.ltp'))).toBe(false);
    setLeg(view.store, 2, { ltpPaise: 12_345, oi: 1_000 });
    setLeg(view.store, 3, { ltpPaise: 1, oi: 1_000 });
    paint([2], 1_000);
    expect(cell(1, '.ce.ltp').textContent).toBe('123.45');
    expect(isFlashing(cell(1, '.ce.ltp'))).toBe(true);
    expect(isFlashing(cell(1, '.ce.oi'))).toBe(false);
    expect(cell(1, '.pe.ltp').textContent).toBe('100.03');
  });

  it('starts a flash anew only after the last one is over', () => {
    const { view, paint, cell } = painted();
    const flashAt = (ltpPaise: number, atMs: number): string => {
      setLeg(view.store, 2, { ltpPaise, oi: 1_000 });
      paint([2], atMs);
      return cell(1, '.ce.ltp').className;
    };
    const first = flashAt(11_100, 1_000);
    expect(flashAt(11_200, 1_000 + flashMs / 2)).toBe(first);
    expect(flashAt(11_300, 1_001 + flashMs)).not.toBe(first);
  });

  it('colours a change by its sign and says it in text', () => {
    const { view, paint, cell } = painted();
    setLeg(view.store, 4, { ltpPaise: 9_000, oi: 1_000 });
    paint([4]);
    expect(cell(2, '.ce.change').textContent).toBe('−10.0%');
    expect(cell(2, '.ce.change').classList.contains('down')).toBe(true);
    setLeg(view.store, 4, { ltpPaise: 11_000, oi: 1_000 });
    paint([4]);
    expect(cell(2, '.ce.change').className).toContain('up');
    expect(cell(2, '.ce.change').classList.contains('down')).toBe(false);
  });

  it('marks the strike at the money and tags the others from it', () => {
    const { body, rows } = painted();
    const tags = rows.map((row) => row.querySelector('small')?.textContent);
    expect(tags).toEqual(['ITM2', 'ITM1', 'ATM', 'OTM1', 'OTM2']);
    expect(body.querySelectorAll('.atm')).toHaveLength(1);
  });

  it('draws the spot between its two strikes and shades what is in the money', () => {
    const { body, rows } = painted({ spotPaise: 2_601_000 });
    expect(body.querySelector('.above-spot')).toBe(rows[2]);
    expect(body.querySelector('.spot-label')?.textContent).toBe('26,010.00');
    const shaded = (name: string): boolean[] =>
      rows.map(({ classList }) => classList.contains(name));
    expect(shaded('call-itm')).toEqual([true, true, true, false, false]);
    expect(shaded('put-itm')).toEqual([false, false, false, true, true]);
  });

  it('draws no spot line outside the strikes or without a spot', () => {
    for (const spotPaise of [0, 2_500_000, 2_700_000]) {
      expect(painted({ spotPaise }).body.querySelector('.spot-label')).toBeNull();
    }
    expect(painted({ spotPaise: 0 }).body.querySelector('.call-itm')).toBeNull();
  });

  it('measures OI bars by the largest of the chain', () => {
    const { view, paint, cell } = painted();
    const bars = (): string => cell(0, '.ce.oi').style.backgroundSize;
    expect(bars()).toBe('0.0% 3px, 0.0% 3px, 50.0% 72%');
    setLeg(view.store, 0, { ltpPaise: 10_000, oi: 2_000 });
    paint([0]);
    expect(bars()).toBe('0.0% 3px, 0.0% 3px, 100.0% 72%');
  });

  it('draws the change of OI as a thin bar, another one where it fell', () => {
    const { view, paint, cell } = painted();
    const bars = (previousOi: number): string => {
      setLeg(view.store, 0, { ltpPaise: 10_000, oi: 2_000 });
      view.store.previousOi[0] = previousOi;
      view.store.known[0]! |= field.previousOi;
      paint([0]);
      return cell(0, '.ce.oi').style.backgroundSize;
    };
    expect(bars(1_500)).toBe('25.0% 3px, 0.0% 3px, 100.0% 72%');
    expect(bars(2_200)).toBe('0.0% 3px, 10.0% 3px, 100.0% 72%');
    expect(cell(0, '.ce.oi-change').textContent).toBe('−200');
  });

  it('names the build-up', () => {
    const { view, paint, cell } = painted();
    setLeg(view.store, 1, { ltpPaise: 9_000, oi: 1_000 });
    view.store.previousOi[1] = 1_200;
    view.store.known[1]! |= field.previousOi;
    paint([1]);
    expect(cell(0, '.pe.build-up').textContent).toBe('Long unwinding');
    expect(cell(0, '.pe.build-up').classList.contains('down')).toBe(true);
  });

  /** A book of a leg around its LTP of 100. */
  const setBook = (
    { store }: ReturnType<typeof viewOf>,
    leg: number,
    [bidPaise, askPaise, qty]: readonly [number, number, number],
  ): void => {
    setLeg(store, leg, { ltpPaise: 10_000, oi: 1_000 });
    const at = leg * bookInts;
    store.book[at + bookAt.bidPaise] = bidPaise;
    store.book[at + bookAt.askPaise] = askPaise;
    store.book[at + bookAt.bidQty] = qty;
    store.book[at + bookAt.askQty] = qty;
  };

  it('colours bid and ask by the spread, also the side that stays', () => {
    const { view, paint, cell } = painted();
    setBook(view, 2, [9_990, 10_010, 65]);
    paint([2]);
    expect(cell(1, '.ce.bid').className).toContain('spread-tight');
    setBook(view, 2, [9_990, 10_400, 65]);
    paint([2]);
    expect(cell(1, '.ce.bid').className).toContain('spread-wide');
    expect(cell(1, '.ce.bid').className).not.toContain('spread-tight');
    expect(cell(1, '.ce.bid').textContent).toBe('99.90');
  });

  it('shades legs by their liquidity while the heat map is on', () => {
    const { view, painter, paint, cell } = painted();
    setBook(view, 2, [9_990, 10_010, 6_500]);
    paint([2]);
    expect(cell(1, '.ce.bid').dataset['heat']).toBeUndefined();
    painter.setMarks({ isHeatOn: true, moves: null });
    paint([]);
    expect(cell(1, '.ce.bid').dataset['heat']).toBe('4');
    expect(cell(1, '.ce.oi').dataset['heat']).toBe('4');
    expect(cell(0, '.pe.bid').dataset['heat']).toBe('0');
    painter.setMarks({ isHeatOn: false, moves: null });
    paint([]);
    expect(cell(1, '.ce.bid').dataset['heat']).toBeUndefined();
  });

  it('marks a large move in the cell of the price until it is old', () => {
    const { view, painter, paint, cell } = painted();
    const moves = createMoveWatch(10, { percent: 10, seconds: 60 });
    painter.setMarks({ isHeatOn: false, moves });
    moves.note(3, 10_000, 0);
    moves.note(3, 8_800, 5_000);
    setLeg(view.store, 3, { ltpPaise: 8_800, oi: 1_000 });
    paint([3]);
    expect(cell(1, '.pe.ltp').textContent).toBe('−12%88.00');
    expect(cell(1, '.pe.ltp').classList.contains('fall')).toBe(true);
    expect(painter.fullTextOf(cell(1, '.pe.ltp'), 1_000_000)).toContain('moved −12%');
    paint([...moves.expire(65_000)]);
    expect(cell(1, '.pe.ltp').textContent).toBe('88.00');
    expect(cell(1, '.pe.ltp').classList.contains('fall')).toBe(false);
  });

  it('catches up with rows off screen without flashing them', () => {
    const { view, paint, cell } = painted();
    setLeg(view.store, 8, { ltpPaise: 5_000, oi: 1_000 });
    expect(paint([8], 1_000, [0, 1])).toBe(false);
    expect(cell(4, '.ce.ltp').textContent).toBe('50.00');
    expect(isFlashing(cell(4, '.ce.ltp'))).toBe(false);
  });

  it('dims legs that nobody touched for a minute, while the market is open', () => {
    const { view, painter, rows } = painted();
    view.store.receivedMs[1] = 1_000_000 - oldLegMs;
    painter.markOld(1_000_500, true);
    expect(rows[0]?.classList.contains('pe-old')).toBe(true);
    expect(rows[0]?.classList.contains('ce-old')).toBe(false);
    painter.markOld(1_000_500, false);
    expect(rows[0]?.classList.contains('pe-old')).toBe(false);
  });

  it('says a figure in full with its age', () => {
    const { view, painter, cell } = painted();
    setLeg(view.store, 5, { ltpPaise: 10_000, oi: 1_234_567 });
    expect(painter.fullTextOf(cell(2, '.pe.oi'), 1_012_000)).toBe(
      '12,34,567 open interest; leg last touched 12 s ago',
    );
    view.store.known[5] = field.ltp;
    expect(painter.fullTextOf(cell(2, '.pe.oi'), 1_012_000)).toMatch(/^Not told by the market/);
  });
});
