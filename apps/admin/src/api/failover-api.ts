import {
  failoverHistorySchema,
  failoverSchema,
  readinessSchema,
  type Failover,
  type FailoverHistory,
  type Readiness,
} from '@strikewire/contracts';
import type { Call } from './call';
import type { StepUpGate } from './step-up-gate';

/** Who carries the data when something fails: everybody reads, admins act. */
export interface FailoverApi {
  read(): Promise<Failover>;
  /** Ids in their order; none: ordered by itself again. */
  order(accounts: readonly string[]): Promise<Failover>;
  /** Puts one account first; null: as ordered again. */
  force(account: string | null): Promise<Failover>;
  /** Takes an account out of service, or puts it back. */
  drain(account: string, drained: boolean): Promise<Failover>;
  /** What changed hands, newest first. */
  history(limit: number): Promise<FailoverHistory>;
  readiness(): Promise<Readiness>;
}

export function failoverApi(call: Call, gate: StepUpGate): FailoverApi {
  const act = (method: 'PUT' | 'POST', what: string, body: unknown): Promise<Failover> =>
    gate.pass(() => call({ method, path: `failover/${what}`, body }, failoverSchema));
  return {
    read: () => call({ method: 'GET', path: 'failover' }, failoverSchema),
    order: (accounts) => act('PUT', 'order', { accounts }),
    force: (account) => act('POST', 'force', { account }),
    drain: (account, drained) => act('POST', 'drain', { account, drained }),
    history: (limit) => {
      const query = { limit: String(limit) };
      return call({ method: 'GET', path: 'failover/history', query }, failoverHistorySchema);
    },
    readiness: () => call({ method: 'GET', path: 'failover/readiness' }, readinessSchema),
  };
}
