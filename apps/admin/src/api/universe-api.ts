import {
  capacitySchema,
  refreshJobSchema,
  refreshJobsSchema,
  universePreviewSchema,
  universeSchema,
  type Capacity,
  type RefreshJobs,
  type RefreshJobState,
  type RefreshRequest,
  type Universe,
  type UniverseChange,
  type UniversePreview,
} from '@strikewire/contracts';
import type { Call } from './call';
import type { StepUpGate } from './step-up-gate';

/** What is served, who carries it, and refreshes by hand: everybody reads, admins act. */
export interface UniverseApi {
  read(): Promise<Universe>;
  /** Refused with `universe_changed` when another revision was saved meanwhile. */
  change(change: UniverseChange): Promise<Universe>;
  preview(rules: UniverseChange['rules']): Promise<UniversePreview>;
  capacity(): Promise<Capacity>;
  /** Refreshes that were asked for, the newest first. */
  refreshes(): Promise<RefreshJobs>;
  refresh(wish: RefreshRequest): Promise<RefreshJobState>;
}

export function universeApi(call: Call, gate: StepUpGate): UniverseApi {
  const post = (path: string, body: unknown) => ({ method: 'POST', path, body }) as const;
  return {
    read: () => call({ method: 'GET', path: 'universe' }, universeSchema),
    change: (body) =>
      gate.pass(() => call({ method: 'PUT', path: 'universe', body }, universeSchema)),
    preview: (rules) => call(post('universe/preview', { rules }), universePreviewSchema),
    capacity: () => call({ method: 'GET', path: 'optionchain/capacity' }, capacitySchema),
    refreshes: () => call({ method: 'GET', path: 'optionchain/refresh' }, refreshJobsSchema),
    refresh: (wish) =>
      gate.pass(() => call(post('optionchain/refresh', wish), refreshJobSchema)),
  };
}
