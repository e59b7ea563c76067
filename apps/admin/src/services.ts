import type { ChainClient } from '@strikewire/client';
import type { Clock } from '@strikewire/runtime';
import { inject, type InjectionKey } from 'vue';
import type { ConsoleApi } from './api/console-api';
import type { StepUpGate } from './api/step-up-gate';
import { createMemory, type Memory } from './memory';
import { createNewId } from './new-id';
import type { PageLoads } from './page-loads';
import { createBasket, type Basket } from './pages/orders/basket';
import type { Session } from './session/session';

/** What components need of the outside; bound in main.ts, replaced in tests. */
export interface Services {
  client: ChainClient;
  /** Everything that is asked of the platform beside chains. */
  api: ConsoleApi;
  session: Session;
  /** Asks for the password before a dangerous act. */
  gate: StepUpGate;
  clock: Clock;
  /** Pages that could not be loaded. */
  loads: PageLoads;
  /** What is remembered in this browser; forgets when storage is forbidden. */
  memory: Memory;
  /** Legs that are collected to be placed together. */
  basket: Basket;
  /** Another UUID each time: what is asked for twice is told by it. */
  newId(): string;
}

export const servicesKey: InjectionKey<Services> = Symbol('services');

/** The services of the app that the calling component belongs to. */
export function useServices(): Services {
  const services = inject(servicesKey);
  if (!services) throw new Error('[admin] no services are provided to this component');
  return services;
}

/** What is this browser's own: what it remembers, and ids that no other browser makes. */
export function createOwn(
  storage: () => Storage,
  fill: (bytes: Uint8Array<ArrayBuffer>) => unknown,
): Pick<Services, 'memory' | 'basket' | 'newId'> {
  const memory = createMemory(storage);
  return { memory, basket: createBasket(memory), newId: createNewId(fill) };
}
