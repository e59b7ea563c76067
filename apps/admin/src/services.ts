import type { ChainClient } from '@strikewire/client';
import type { Clock } from '@strikewire/runtime';
import { inject, type InjectionKey } from 'vue';
import type { ConsoleApi } from './api/console-api';
import type { StepUpGate } from './api/step-up-gate';
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
  /** What is remembered in this browser; forgets when storage is forbidden. */
  memory: Memory;
}

export interface Memory {
  get(key: string): string | null;
  set(key: string, value: string): void;
}

export const servicesKey: InjectionKey<Services> = Symbol('services');

/** The services of the app that the calling component belongs to. */
export function useServices(): Services {
  const services = inject(servicesKey);
  if (!services) throw new Error('[admin] no services are provided to this component');
  return services;
}

/** Remembers in `storage` under keys that begin with `strikewire.`. */
export function createMemory(storage: () => Storage): Memory {
  return {
    get(key) {
      try {
        return storage().getItem(`strikewire.${key}`);
      } catch {
        return null;
      }
    },
    set(key, value) {
      try {
        storage().setItem(`strikewire.${key}`, value);
      } catch {
        // Forbidden or full: the choice lasts as long as the page.
      }
    },
  };
}
