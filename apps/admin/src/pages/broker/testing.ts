import type { Failover, FailoverAccount } from '@strikewire/contracts';

/** For tests: an account of a broker that carries well. */
export function failoverAccountOf(
  label: string,
  changes: Partial<FailoverAccount> = {},
): FailoverAccount {
  return {
    id: label.toLowerCase().replaceAll(' ', '-'),
    label,
    broker: label.split(' ')[0] ?? '',
    primary: false,
    role: 'reserve',
    standing: 'fit',
    reason: null,
    score: 96,
    sockets: { wanted: 0, live: 0 },
    contracts: 0,
    capacity: 20_000,
    depth: null,
    ticksPerSecond: 0,
    tickAgeMs: null,
    uptimePercent: null,
    reconnects: 0,
    failures: 0,
    restMs: 120,
    diverted: [],
    budgetPercent: 12,
    ...changes,
  };
}

/** For tests: the primary one carries, two of other names stand behind it. */
export function failoverOf(changes: Partial<Failover> = {}): Failover {
  return {
    degraded: false,
    level: 0,
    forced: null,
    isOrdered: false,
    accounts: [
      failoverAccountOf('North A', {
        primary: true,
        role: 'carrier',
        sockets: { wanted: 4, live: 4 },
        contracts: 12_400,
        ticksPerSecond: 8_412.4,
        tickAgeMs: 40,
        uptimePercent: 99.94,
      }),
      failoverAccountOf('North B'),
      failoverAccountOf('South C', { role: 'observer', capacity: 4_000 }),
    ],
    ...changes,
  };
}
