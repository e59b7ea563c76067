import { segmentCloseMs } from '@strikewire/trading-hours';
import { createMarginDesk } from '../engine/create-margin-desk';
import type { RunningMarginDesk } from '../engine/margin-desk-deps';
import { createMarginEstimator, type MarginEstimator } from '../engine/margin-estimator';
import type { MarginModuleDeps } from './margin-module-deps';
import { MarginService } from './margin-service';
import { PostgresMarginStore } from './postgres-margin-store';
import { RiskFileShelf } from './risk-file-shelf';

/** Everything of margin that others call. */
export interface MarginServices {
  desk: RunningMarginDesk;
  estimator: MarginEstimator;
  service: MarginService;
  files: RiskFileShelf;
  stop(): void;
}

/** Reads what was kept: risk files, what was learned, and brokers' figures. */
export async function openMargin(deps: MarginModuleDeps): Promise<MarginServices> {
  const { clock, database, lastMomentMs = segmentCloseMs } = deps;
  const files = new RiskFileShelf(deps);
  await files.load();
  const estimator = createMarginEstimator({ ...deps, files: () => files.files() });
  const store = new PostgresMarginStore(database, clock);
  const desk = createMarginDesk({ ...deps, estimator, store });
  await desk.load(deps.accounts);
  const service = new MarginService({ ...deps, desk, estimator, lastMomentMs });
  return { desk, estimator, service, files, stop: () => desk.stop() };
}
