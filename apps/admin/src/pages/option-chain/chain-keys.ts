import { onScopeDispose } from 'vue';

export interface ChainKeys {
  move(step: number): void;
  nextExpiry(): void;
  find(): void;
  centre(): void;
  greeks(): void;
  columns(): void;
  help(): void;
}

/** The page's keys; what is typed into a field or a dialog stays there. */
export function useChainKeys(keys: ChainKeys): void {
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

function actionOf(key: string, keys: ChainKeys): (() => void) | undefined {
  const actions: Record<string, () => void> = {
    ArrowDown: () => keys.move(1),
    ArrowUp: () => keys.move(-1),
    PageDown: () => keys.move(pageRows),
    PageUp: () => keys.move(-pageRows),
    e: keys.nextExpiry,
    a: keys.centre,
    g: keys.greeks,
    c: keys.columns,
    '/': keys.find,
    '?': keys.help,
  };
  return Object.hasOwn(actions, key) ? actions[key] : undefined;
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, [role=dialog]') !== null;
}
