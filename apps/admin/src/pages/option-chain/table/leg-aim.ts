/** Which of a strike's two options. */
export type LegType = 'CE' | 'PE';

/** The one leg that keys and buttons trade: the pointer or the cursor was there last. */
export interface LegAim {
  /** The row's index, −1 for none yet. */
  readonly index: number;
  readonly type: LegType;
  /** The pointer is over a row; `type`: over which of its sides, null between them. */
  point(index: number, type: LegType | null): void;
  /** The cursor is at a row. */
  move(index: number): void;
  turn(type: LegType): void;
  /** Marks it on rows that were made anew. */
  mark(): void;
}

/**
 * `rows`: the table's present rows. `traded` is called by the two buttons that stand beside the
 * strike of the row that is aimed at; they are for pointers, keys do the same.
 */
export function createLegAim(
  rows: () => readonly { element: HTMLTableRowElement; strike: HTMLTableCellElement }[],
  traded: (side: 'BUY' | 'SELL') => void,
): LegAim {
  let index = -1;
  let type: LegType = 'CE';
  let marked: HTMLTableRowElement | null = null;
  const acts = document.createElement('span');
  acts.className = 'leg-acts';
  acts.append(button('B', 'BUY'), button('S', 'SELL'));

  function button(text: string, side: 'BUY' | 'SELL'): HTMLButtonElement {
    const made = document.createElement('button');
    made.type = 'button';
    made.tabIndex = -1;
    made.textContent = text;
    made.addEventListener('click', (event) => {
      // The row itself is not chosen by it.
      event.stopPropagation();
      traded(side);
    });
    return made;
  }

  function mark(): void {
    const row = rows()[index];
    marked?.classList.remove('aim-ce', 'aim-pe');
    marked = row?.element ?? null;
    if (!row) return void acts.remove();
    row.element.classList.add(type === 'CE' ? 'aim-ce' : 'aim-pe');
    if (acts.parentElement !== row.strike) row.strike.append(acts);
    const leg = `the ${row.strike.querySelector('b')?.textContent ?? ''} ${type}`;
    acts.firstElementChild?.setAttribute('aria-label', `Buy ${leg}`);
    acts.lastElementChild?.setAttribute('aria-label', `Sell ${leg}`);
  }

  function set(nextIndex: number, nextType: LegType): void {
    if (nextIndex === index && nextType === type && marked?.isConnected) return;
    index = nextIndex;
    type = nextType;
    mark();
  }
  return {
    get index() {
      return index;
    },
    get type() {
      return type;
    },
    point: (at, over) => {
      if (at >= 0) set(at, over ?? type);
    },
    move: (at) => set(at, type),
    turn: (next) => set(index, next),
    mark,
  };
}
