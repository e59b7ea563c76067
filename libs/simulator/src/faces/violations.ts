import type { Clock } from '@strikewire/runtime';

/** A breach of a broker's rule. */
export interface Violation {
  /** Epoch ms. */
  at: number;
  /** Whose rule it is. */
  broker: string;
  kind: string;
  detail: string;
}

/** Breaches since the start, as `GET /_sim/violations` tells them. */
export interface ViolationReport {
  total: number;
  byKind: Partial<Record<string, number>>;
  /** The last `recentMax`, oldest first. */
  recent: readonly Violation[];
}

/** Where a face notes breaches of its rules. */
export interface Violations<Kind extends string = string> {
  add(kind: Kind, detail: string): void;
}

export interface ViolationBook {
  of(broker: string): Violations;
  report(): ViolationReport;
}

const recentMax = 100;

export function createViolationBook(clock: Clock): ViolationBook {
  const byKind: Partial<Record<string, number>> = {};
  const recent: Violation[] = [];
  let total = 0;
  return {
    of: (broker) => ({
      add(kind, detail) {
        total++;
        byKind[kind] = (byKind[kind] ?? 0) + 1;
        recent.push({ at: clock.wallMs(), broker, kind, detail });
        if (recent.length > recentMax) recent.shift();
      },
    }),
    report: () => ({ total, byKind: { ...byKind }, recent: [...recent] }),
  };
}
