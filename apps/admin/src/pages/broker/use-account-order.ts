import { computed, nextTick, shallowRef, type ComputedRef, type ShallowRef } from 'vue';
import { moved, useReorder } from '../../ui/use-reorder';

type Order = readonly string[];

/** What the order is made from. */
export interface AccountOrderOptions {
  /** Ids that can be moved, in the order that is saved. */
  ids: () => Order;
  /** How many stand before them, and stay there. */
  before: () => number;
  nameOf: (id: string) => string;
  /** The rows of those that can be moved, in the order that is shown. */
  rows: () => readonly HTMLElement[];
  /**
   * Its row has gone elsewhere, and the focus goes after it: to the button that moves it by so many
   * places, else to its handle.
   */
  focus: (id: string, by?: number) => void;
}

/** What keys do to an order. */
interface Grab {
  /** What was done last, for those who hear it. */
  said: ShallowRef<string>;
  /** For `click` on a handle: by space or enter it is grabbed, and dropped. */
  press(event: MouseEvent, id: string): void;
  /** For `keydown` on a handle. */
  key(event: KeyboardEvent, id: string): void;
  /** For `blur` of a handle: what is grabbed goes back. */
  leave(id: string): void;
  step(id: string, by: number): Promise<void>;
}

/** An order that is changed by mouse, finger and keyboard, and saved or taken back as a whole. */
export interface AccountOrder extends Grab {
  /** As it is to be. */
  shown: ComputedRef<Order>;
  isChanged: ComputedRef<boolean>;
  /** The one that follows the pointer or the arrow keys. */
  held: ComputedRef<string | null>;
  /** For `pointerdown` on a handle. */
  begin(event: PointerEvent, id: string): void;
  /** Back to what is saved. */
  takeBack(): void;
}

/** The draft as far as it names what is there; what it does not name follows. */
function known(draft: Order, ids: Order): Order {
  const kept = draft.filter((id) => ids.includes(id));
  return [...kept, ...ids.filter((id) => !kept.includes(id))];
}

/** Ends with the component. */
export function useAccountOrder(options: AccountOrderOptions): AccountOrder {
  const { ids, rows } = options;
  const draft = shallowRef<Order | null>(null);
  const grabbed = shallowRef<Grabbed | null>(null);
  const kept = computed(() => known(draft.value ?? [], ids()));
  const take = (order: Order): void => void (draft.value = order);
  const drag = useReorder<string>({ items: () => kept.value, rows, done: take });
  const shown = computed(() =>
    known(drag.order.value ?? grabbed.value?.order ?? kept.value, ids()),
  );
  const takeBack = (): void => {
    draft.value = null;
    grabbed.value = null;
  };
  return {
    ...useGrab(options, { shown, grabbed, take }),
    shown,
    isChanged: computed(() => kept.value.join() !== ids().join()),
    held: computed(() => drag.dragged.value ?? grabbed.value?.id ?? null),
    begin(event, id) {
      grabbed.value = null;
      drag.begin(event, id);
    },
    takeBack,
  };
}

/** What the arrow keys move now, and the order that comes of it. */
interface Grabbed {
  id: string;
  order: Order;
}

interface GrabState {
  shown: ComputedRef<Order>;
  grabbed: ShallowRef<Grabbed | null>;
  /** It is to be so from now on. */
  take(order: Order): void;
}

function useGrab(
  { before, nameOf, focus }: AccountOrderOptions,
  { shown, grabbed, take }: GrabState,
): Grab {
  const said = shallowRef('');
  let isMoving = false;
  const tell = (id: string, text: (place: string) => string): void => {
    const of = shown.value.length + before();
    const place = `place ${shown.value.indexOf(id) + before() + 1} of ${of}`;
    said.value = `${nameOf(id)} ${text(place)}`;
  };
  const end = (isDropped: boolean): void => {
    const { value: at } = grabbed;
    grabbed.value = null;
    if (!at) return;
    if (isDropped) take(at.order);
    tell(at.id, (place) =>
      isDropped ? `is dropped at ${place}. Save to keep the order.` : `is back at ${place}.`,
    );
  };
  const step = async (id: string, by: number): Promise<void> => {
    const next = moved(shown.value, shown.value.indexOf(id), shown.value.indexOf(id) + by);
    if (next === shown.value) return;
    const isGrabbed = grabbed.value !== null;
    if (isGrabbed) grabbed.value = { id, order: next };
    else take(next);
    tell(id, (place) => `is at ${place}.`);
    // Where its row is moved in the page the focus is lost, and that is no leaving.
    isMoving = true;
    await nextTick();
    if (isGrabbed) focus(id);
    else focus(id, by);
    isMoving = false;
  };
  return {
    said,
    press({ detail }, id) {
      // A mouse counts its clicks; a key and a screen reader do not.
      if (detail !== 0) return;
      if (grabbed.value) return end(true);
      grabbed.value = { id, order: shown.value };
      tell(id, (place) => `is grabbed at ${place}. ${keysHelp}`);
    },
    key(event, id) {
      if (grabbed.value?.id !== id) return;
      if (event.key === 'Escape') end(false);
      else if (event.key === 'ArrowUp') void step(id, -1);
      else if (event.key === 'ArrowDown') void step(id, 1);
      else return;
      event.preventDefault();
    },
    leave(id) {
      if (!isMoving && grabbed.value?.id === id) end(false);
    },
    step,
  };
}

const keysHelp = 'Arrow keys move it, space drops it, escape puts it back.';
