import type { BrokerUntold } from '../core/plugin';
import type { ConformanceBench } from './bench';
import type { ConformanceFaultKind } from './harness';

/** What a case needs of a plugin; without it the case is skipped, with this as its reason. */
export type ConformanceNeed =
  | 'depth' | 'brokerGreeks' | 'noBrokerGreeks' | 'tokenRenewal' | 'browserSignIn'
  | 'orders' | 'orderTags' | 'orderFeed' | 'margin'
  | BrokerUntold;

/** One numbered promise of the contract, and how it is tried. */
export interface ConformanceCase {
  /** Letter of its group and number: `E03`. Numbers are never used again for something else. */
  id: string;
  /** What has to hold. */
  title: string;
  needs?: ConformanceNeed;
  /** Faults that the harness has to know. */
  faults?: readonly ConformanceFaultKind[];
  /** Resolves when it holds; rejects with what was found and what was needed. */
  run(bench: ConformanceBench): void | Promise<void>;
}

/** Types a group's cases; returns them unchanged. */
export function defineCases(cases: readonly ConformanceCase[]): readonly ConformanceCase[] {
  return cases;
}
