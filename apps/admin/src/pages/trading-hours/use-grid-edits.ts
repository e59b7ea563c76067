import type { TradingHoursTemplate } from '@strikewire/trading-hours';
import { computed, nextTick, shallowRef, type ComputedRef, type ShallowRef } from 'vue';
import type { FieldNeeds } from '../../ui/problem-words';
import { dayNames } from './day-names';
import { keyOf } from './calendar-events';
import * as edits from './grid-edits';
import type { GridAct } from './grid-keys';
import { gridWindows, windowWords, type GridWindow, type Spot, type WeekAt } from './grid-windows';

/** What the grid shows, and who is told of what is done in it. */
export interface GridSource {
  at: () => WeekAt;
  needs: () => FieldNeeds;
  /** Minutes of a step. */
  snap: () => number;
  edit(template: TradingHoursTemplate): void;
  stepBack(): void;
  /** The form of a window takes over. */
  open(spot: Spot): void;
  /** The focus leaves the grid. */
  leave(): void;
}

/** The windows of a week while they are worked on. */
export interface GridEdits {
  drawn: ComputedRef<GridWindow[]>;
  /** Windows whose times are none yet. */
  undrawn: ComputedRef<Spot[]>;
  /** The window that keys and buttons are for. */
  picked: ComputedRef<GridWindow | undefined>;
  /** Name of the window that takes the focus once it is drawn; empty when none does. */
  wanted: ShallowRef<string>;
  /** What was done last: a remark, and how the window is now. */
  said: ShallowRef<{ note: string; words: string }>;
  /** The picked window is being asked where to split it. */
  isSplitting: ShallowRef<boolean>;
  pick(spot: Spot | null): void;
  /** Takes a change over, and tells what it made of the window. */
  take(edited: edits.Edited): void;
  /** Does something with the picked window. */
  act(act: GridAct): void;
  /** Splits the picked window; what the time needs, empty when it was fine. */
  split(time: string): string;
}

export function useGridEdits(source: GridSource): GridEdits {
  const { at } = source;
  const spot = shallowRef<Spot | null>(null);
  const [wanted, isSplitting] = [shallowRef(''), shallowRef(false)];
  const said = shallowRef({ note: '', words: '' });
  const shown = computed(() => gridWindows(at(), source.needs()));
  const picked = computed(() => shown.value.drawn.find((one) => isSame(one, spot.value)));

  function pick(next: Spot | null): void {
    if (!isSame(next, spot.value)) isSplitting.value = false;
    spot.value = next;
    wanted.value = '';
  }
  function take({ template, spot: now, note }: edits.Edited): void {
    const isOther = template !== at().template;
    if (isOther) source.edit(template);
    isSplitting.value = false;
    if (now || isOther) spot.value = now;
    wanted.value = now ? keyOf(now) : '';
    void nextTick(() => {
      const words = isOther && picked.value ? `${windowWords(picked.value)}.` : '';
      said.value = { note: sentence(note), words };
    });
  }
  function act(wish: GridAct): void {
    const { value: one } = picked;
    if (!one) return;
    if (wish.act === 'open') source.open(one);
    else if (wish.act === 'leave') source.leave();
    else if (wish.act === 'split') isSplitting.value = true;
    else if (wish.act !== 'undo') take(editedBy(wish, at(), { spot: one, snap: source.snap() }));
    else {
      source.stepBack();
      wanted.value = keyOf(one);
      said.value = { note: 'The last change is taken back.', words: '' };
    }
  }
  function split(time: string): string {
    const made = picked.value && edits.splitWindow(at(), picked.value, time);
    if (!made) return 'needs a time within the window';
    take(made);
    return '';
  }
  const drawn = computed(() => shown.value.drawn);
  const undrawn = computed(() => shown.value.undrawn);
  return { drawn, undrawn, picked, wanted, said, isSplitting, pick, take, act, split };
}

function editedBy(
  wish: GridAct,
  at: WeekAt,
  { spot, snap }: { spot: Spot; snap: number },
): edits.Edited {
  switch (wish.act) {
    case 'move':
      return edits.moved(at, spot, { ...wish, snap });
    case 'stretch':
      return edits.stretched(at, spot, { ...wish, snap });
    case 'add':
      return edits.addedSomewhere(at, spot.day);
    case 'remove':
      return { ...edits.removed(at, spot), note: `removed from ${dayNames[spot.day]}` };
    default:
      return { template: at.template, spot, note: '' };
  }
}

function isSame(one: Spot | null, other: Spot | null): boolean {
  return one?.day === other?.day && one?.place === other?.place;
}

function sentence(words: string): string {
  return words && `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}
