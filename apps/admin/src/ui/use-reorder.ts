import { onScopeDispose, shallowRef, type ShallowRef } from 'vue';

/** A list with one item elsewhere. */
export function moved<T>(list: readonly T[], from: number, to: number): readonly T[] {
  const item = list[from];
  if (item === undefined || to < 0 || to >= list.length) return list;
  return list.toSpliced(from, 1).toSpliced(to, 0, item);
}

/** A list that is put in order by dragging handles; each item has a row, in the same order. */
export interface Reorder<T> {
  /** The order while something is dragged; null while nothing is. */
  order: ShallowRef<readonly T[] | null>;
  /** The item that is dragged. */
  dragged: ShallowRef<T | null>;
  /** For `pointerdown` on the handle of an item. */
  begin(event: PointerEvent, item: T): void;
}

/**
 * Drags with mouse, pen and finger alike: the item follows the pointer from row to row, is let go
 * where it is, and goes back on Escape. Ends with the component.
 */
export function useReorder<T>(options: {
  items: () => readonly T[];
  rows: () => readonly HTMLElement[];
  done: (order: readonly T[]) => void;
}): Reorder<T> {
  const order = shallowRef<readonly T[] | null>(null);
  const dragged = shallowRef<T | null>(null);

  const move = ({ clientY }: PointerEvent): void => {
    const { value: item } = dragged;
    if (order.value === null || item === null) return;
    const rows = options.rows();
    const passed = rows.filter((row) => {
      const { top, height } = row.getBoundingClientRect();
      return clientY > top + height / 2;
    });
    const from = order.value.indexOf(item);
    // The item's own row is among those passed when the pointer is below its middle.
    const isPast = passed.some((row) => row === rows[from]);
    const to = Math.max(0, passed.length - (isPast ? 1 : 0));
    if (to !== from) order.value = moved(order.value, from, to);
  };
  const end = (): void => {
    const { value: next } = order;
    stop();
    if (next) options.done(next);
  };
  const escape = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    // It ends the drag alone, not the panel around it.
    event.stopPropagation();
    stop();
  };
  const stop = (): void => {
    order.value = null;
    dragged.value = null;
    window.removeEventListener('pointermove', move);
    window.removeEventListener('pointerup', end);
    window.removeEventListener('pointercancel', stop);
    window.removeEventListener('keydown', escape, true);
  };
  onScopeDispose(stop);
  return {
    order,
    dragged,
    begin(event, item) {
      if (event.button !== 0) return;
      // Neither selects text nor scrolls.
      event.preventDefault();
      order.value = options.items();
      dragged.value = item;
      window.addEventListener('pointermove', move);
      window.addEventListener('pointerup', end);
      window.addEventListener('pointercancel', stop);
      window.addEventListener('keydown', escape, true);
    },
  };
}
