import { basketLegsMax, orderTicketSchema, type OrderTicket } from '@strikewire/contracts';
import { shallowRef, type ShallowRef } from 'vue';

/** One leg as it would be placed, and what its lot is. */
export interface BasketLeg {
  ticket: OrderTicket;
  lotSize: number;
}

/** Where it is kept. */
export interface BasketMemory {
  get(key: string): string | null;
  set(key: string, value: string): void;
}

/** Legs that are collected to be placed together; kept in this browser. */
export interface Basket {
  readonly legs: Readonly<ShallowRef<readonly BasketLeg[]>>;
  /** False: it is full. */
  add(leg: BasketLeg): boolean;
  replace(at: number, leg: BasketLeg): void;
  remove(at: number): void;
  clear(): void;
}

const memoryKey = 'basket';

export function createBasket(memory: BasketMemory): Basket {
  const legs = shallowRef<readonly BasketLeg[]>(remembered(memory));
  const set = (next: readonly BasketLeg[]): void => {
    legs.value = next;
    memory.set(memoryKey, JSON.stringify(next));
  };
  return {
    legs,
    add(leg) {
      if (legs.value.length >= basketLegsMax) return false;
      set([...legs.value, leg]);
      return true;
    },
    replace: (at, leg) => set(legs.value.with(at, leg)),
    remove: (at) => set(legs.value.toSpliced(at, 1)),
    clear: () => set([]),
  };
}

/** What cannot be read any more is forgotten. */
function remembered(memory: BasketMemory): readonly BasketLeg[] {
  try {
    const held: unknown = JSON.parse(memory.get(memoryKey) ?? '[]');
    return Array.isArray(held) ? held.slice(0, basketLegsMax).flatMap(legOf) : [];
  } catch {
    return [];
  }
}

function legOf(held: unknown): BasketLeg[] {
  const { ticket, lotSize } = (held ?? {}) as { ticket?: unknown; lotSize?: unknown };
  const parsed = orderTicketSchema.safeParse(ticket);
  if (!parsed.success || typeof lotSize !== 'number' || !(lotSize > 0)) return [];
  return [{ ticket: parsed.data, lotSize }];
}
