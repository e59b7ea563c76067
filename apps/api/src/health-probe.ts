import type { Health } from '@strikewire/contracts';
import type { ChainService } from '@strikewire/option-chain/engine';
import { sleep, type Clock } from '@strikewire/runtime';
import type { DataSource } from 'typeorm';
import type { HealthProbe } from './health.controller';

export const version = '0.1.0';

/** A database that has not answered by then is not well; nobody waits longer for this route. */
const databaseWithinMs = 2_000;

/** The process is well when its database answers and its feed delivers. */
export function createHealthProbe(deps: {
  clock: Clock;
  database: DataSource;
  service: ChainService;
}): HealthProbe {
  const startedMono = deps.clock.monoMs();
  return async (): Promise<Health> => {
    const database = await isDatabaseWell(deps);
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

async function isDatabaseWell(deps: { clock: Clock; database: DataSource }): Promise<boolean> {
  const answered = deps.database.query('select 1').then(
    () => true,
    () => false,
  );
  return Promise.race([answered, sleep(deps.clock, databaseWithinMs).then(() => false)]);
}
