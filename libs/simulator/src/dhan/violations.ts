import type { Clock } from '@strikewire/runtime';

/** Rules of Dhan that a client can breach. */
export const violationKinds = [
  'quote_rate',
  'quote_instruments',
  'chain_rate',
  'expiry_list_rate',
  'data_rate',
  'data_day',
  'non_trading_rate',
  'feed_sockets',
  'feed_instruments',
  'feed_message_instruments',
  'auth_loop',
] as const;

/** The name of each rule. */
export type ViolationKind = (typeof violationKinds)[number];

export interface Violation {
  /** Epoch ms. */
  at: number;
  kind: ViolationKind;
  detail: string;
}

/** Breaches since the start, as `GET /_sim/violations` tells them. */
export interface ViolationReport {
  total: number;
  byKind: Partial<Record<ViolationKind, number>>;
  /** The last `recentMax`, oldest first. */
  recent: readonly Violation[];
}

export interface Violations {
  add(kind: ViolationKind, detail: string): void;
  report(): ViolationReport;
}

const recentMax = 100;

export function createViolations(clock: Clock): Violations {
  const byKind: Partial<Record<ViolationKind, number>> = {};
  const recent: Violation[] = [];
  let total = 0;
  return {
    add(kind, detail) {
      total++;
      byKind[kind] = (byKind[kind] ?? 0) + 1;
      recent.push({ at: clock.wallMs(), kind, detail });
      if (recent.length > recentMax) recent.shift();
    },
    report: () => ({ total, byKind: { ...byKind }, recent: [...recent] }),
  };
}
