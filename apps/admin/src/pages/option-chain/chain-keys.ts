import { onScopeDispose } from 'vue';

/** What keys do on a page; a key without an act stays the browser's. */
export interface ChainKeys {
  move(step: number): void;
  /** Sideways: −1 to the left, 1 to the right. */
  across(step: number): void;
  nextExpiry(): void;
  find(): void;
  centre(): void;
  greeks(): void;
  columns(): void;
  view(): void;
  heat(): void;
  letGo(): void;
  /** A ticket for the leg that the cursor is at. */
  trade(side: 'BUY' | 'SELL'): void;
  /** A ticket for the future that goes with the expiry. */
  future(): void;
  help(): void;
}

/** The calling page's keys; what is typed into a field or a dialog stays there. */
export function useChainKeys(keys: Partial<ChainKeys>): void {
  const onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const action = actionOf(event.key, keys);
    if (!action) return;
    event.preventDefault();
    action();
  };
  window.addEventListener('keydown', onKey);
  onScopeDispose(() => window.removeEventListener('keydown', onKey));
}

/** Rows that Page Up and Page Down move by. */
const pageRows = 15;

const steps: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: pageRows,
  PageUp: -pageRows,
};

function actionOf(key: string, keys: Partial<ChainKeys>): (() => void) | undefined {
  const { move, across, trade } = keys;
  const step = Object.hasOwn(steps, key) ? steps[key] : undefined;
  if (move && step !== undefined) return () => move(step);
  if (across && key === 'ArrowLeft') return () => across(-1);
  if (across && key === 'ArrowRight') return () => across(1);
  if (trade && (key === 'b' || key === 's')) return () => trade(key === 'b' ? 'BUY' : 'SELL');
  const actions: Record<string, (() => void) | undefined> = {
    e: keys.nextExpiry,
    a: keys.centre,
    g: keys.greeks,
    c: keys.columns,
    f: keys.future,
    v: keys.view,
    h: keys.heat,
    Escape: keys.letGo,
    '/': keys.find,
    '?': keys.help,
  };
  return Object.hasOwn(actions, key) ? actions[key] : undefined;
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, [role=dialog]') !== null;
}
