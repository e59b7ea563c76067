import { underlyingKey, type UniversePreview, type UniverseRule } from '@strikewire/contracts';
import { refreshBoundsMs } from '../core/refresh/refresh-state';
import { resolveUniverse } from '../core/universe';
import { isApplied, type ServedUnderlying } from '../core/universe-applied';
import { previewUniverse } from '../core/universe-preview';
import { paceRequests, roomOf } from './capacity-report';
import type { DayPlan } from './day-plan';
import type { OptionChainEngineOptions } from './engine-options';
import type { RefreshRunner } from './refresh-runner';
import type { UnderlyingDirectory } from './underlying-directory';

/** What is known of the universe as it is served. */
export interface UniverseReportDeps {
  options: OptionChainEngineOptions;
  directory: Pick<UnderlyingDirectory, 'listed'>;
  requests: Pick<RefreshRunner, 'estimateMs'>;
  plan(): DayPlan;
}

/** The universe as it is wanted and served; nothing here asks a broker. */
export class UniverseReport {
  private readonly deps: UniverseReportDeps;

  constructor(deps: UniverseReportDeps) {
    this.deps = deps;
  }

  /** What the broker lists options on; empty before its list was read. */
  listed(): { exchange: string; symbol: string; kind: UniverseRule['kind'] }[] {
    return this.deps.directory.listed.map(({ exchange, symbol, kind }) => ({
      exchange, symbol, kind,
    }));
  }

  /** Whether chains are served by the rules of now; else from the next build on. */
  isApplied(): boolean {
    const { options, directory } = this.deps;
    return isApplied(resolveUniverse(options.universe(), directory.listed), this.planned());
  }

  /** What other rules would mean, against those of now. */
  preview(rules: readonly UniverseRule[]): UniversePreview {
    const { options, directory, requests } = this.deps;
    const lists = new Map(this.planned().map(({ row, listed }) => [underlyingKey(row), listed]));
    const paceMs = requests.estimateMs(paceRequests);
    return previewUniverse(rules, options.universe(), {
      listed: directory.listed,
      expiriesOf: (key) => {
        const listed = lists.get(key);
        return listed && listed.length > 0 ? listed : undefined;
      },
      capacity: roomOf(options.accounts()),
      requestMs: paceMs === null ? null : paceMs / paceRequests,
      boundsMs: options.boundsMs ?? refreshBoundsMs,
    });
  }

  /** As planned, with the expiries that are not over. */
  private planned(): ServedUnderlying[] {
    const { clock, calendar } = this.deps.options;
    const nowMs = clock.wallMs();
    return this.deps.plan().underlyings.map(({ row, listed, chains }) => ({
      row,
      listed: listed.filter(({ expiry }) => nowMs < calendar.closeMs(row.exchange, expiry)),
      chains,
    }));
  }
}
