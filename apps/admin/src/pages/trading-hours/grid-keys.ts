type PlainAct = 'add' | 'remove' | 'split' | 'open' | 'leave';

/** What a key asks of the window that has the focus. */
export type GridAct =
  | { act: 'move'; days: number; minutes: number }
  | { act: 'stretch'; start: number; end: number }
  | { act: PlainAct }
  | { act: 'undo' };

type Pressed = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'altKey' | 'ctrlKey' | 'metaKey'>;

const plainActs: Readonly<Record<string, PlainAct>> = {
  s: 'split',
  n: 'add',
  Delete: 'remove',
  Backspace: 'remove',
  Enter: 'open',
  ' ': 'open',
  Escape: 'leave',
};

/** The keys of the grid and what they do, as its help says them. */
export const gridKeys: readonly (readonly [keys: readonly string[], does: string])[] = [
  [['Tab'], 'next window'],
  [['Up', 'Down'], 'earlier, later'],
  [['Left', 'Right'], 'to the day before, after'],
  [['Shift Up', 'Shift Down'], 'move the end'],
  [['Alt Up', 'Alt Down'], 'move the start'],
  [['S'], 'split'],
  [['N'], 'new window'],
  [['Delete'], 'remove'],
  [['Enter'], 'open in the form'],
  [['Ctrl Z'], 'undo'],
  [['Esc'], 'leave the grid'],
];

/** `snap`: minutes of a step. Null: the key is not for the grid. */
export function gridActOf(pressed: Pressed, snap: number): GridAct | null {
  const { key, shiftKey, altKey, ctrlKey, metaKey } = pressed;
  if (ctrlKey || metaKey) {
    return key.toLowerCase() === 'z' && !shiftKey && !altKey ? { act: 'undo' } : null;
  }
  if (key === 'ArrowUp' || key === 'ArrowDown') {
    const by = key === 'ArrowUp' ? -snap : snap;
    if (altKey) return { act: 'stretch', start: by, end: 0 };
    if (shiftKey) return { act: 'stretch', start: 0, end: by };
    return { act: 'move', days: 0, minutes: by };
  }
  // With Alt the sideways arrows are the browser's: back and forward.
  if (altKey) return null;
  if (key === 'ArrowLeft') return { act: 'move', days: -1, minutes: 0 };
  if (key === 'ArrowRight') return { act: 'move', days: 1, minutes: 0 };
  const act = plainActs[key.length === 1 ? key.toLowerCase() : key];
  return act ? { act } : null;
}
