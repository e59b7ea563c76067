import type { Health } from '@strikewire/contracts';
import type { ChainService } from '@strikewire/option-chain/engine';
import type { Clock } from '@strikewire/runtime';
import type { DataSource } from 'typeorm';
import type { HealthProbe } from './health.controller';

export const version = '0.1.0';

/** The process is well when its database answers and its feed delivers. */
export function createHealthProbe(deps: {
  clock: Clock;
  database: DataSource;
  service: ChainService;
}): HealthProbe {
  const startedMono = deps.clock.monoMs();
  return async (): Promise<Health> => {
    const database = await deps.database.query('select 1').then(
      () => true,
      () => false,
    );
    const { phase, feed } = deps.service.status();
    const isFeedWell = feed.state === 'live' || feed.state === 'closed';
    const isStarting = phase === 'starting' || phase === 'building';
    const running = database && phase === 'live' ? 'ok' : 'degraded';
    return {
      status: isStarting ? 'starting' : running,
      version,
      uptimeMs: Math.round(deps.clock.monoMs() - startedMono),
      checks: {
        database: { ok: database },
        feed: { ok: isFeedWell, detail: feed.state },
        chains: { ok: phase === 'live', detail: phase },
      },
    };
  };
}
