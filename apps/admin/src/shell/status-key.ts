import type { PlatformStatus } from '@strikewire/contracts';
import { inject, type InjectionKey } from 'vue';
import type { Polled } from '../use-polled';

/** The platform's status, read once for the whole console. */
export const statusKey: InjectionKey<Polled<PlatformStatus>> = Symbol('status');

export function useStatus(): Polled<PlatformStatus> {
  const status = inject(statusKey);
  if (!status) throw new Error('[admin] no status is provided to this component');
  return status;
}
