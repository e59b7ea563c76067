import type { Health } from '@strikewire/contracts';
import type { ChainService } from '@strikewire/option-chain/engine';
import { sleep, type Clock } from '@strikewire/runtime';
import type { DataSource } from 'typeorm';

export const version = '0.1.0';

/** A database that has not answered by then is not well; nobody waits longer for this route. */
const databaseWithinMs = 2_000;

/** How the process is, part by part. */
export interface HealthProbe {
  /** Everything; asks the database. */
  whole(): Promise<Health>;
  /** Whether requests may be sent here: from the first that can be served until it stops. */
  isReady(): boolean;
  /** The stop has begun: whoever spreads the load sends nothing more. */
  stopping(): void;
  /** Which of the servers that the platform leans on answered when they were last asked. */
  servers(): Readonly<Record<string, boolean>>;
}

/** The process is well when its database answers, its feed delivers and Redis, if any, is there. */
export function createHealthProbe(deps: {
  clock: Clock;
  database: DataSource;
  redis: { isUp(): boolean } | undefined;
  service: ChainService;
}): HealthProbe {
  const startedMono = deps.clock.monoMs();
  const { redis, service } = deps;
  let isStopping = false;
  let wasDatabaseWell = true;
  return {
    async whole() {
      const database = await isDatabaseWell(deps);
      wasDatabaseWell = database;
      const { phase, feed } = service.status();
      const isFeedWell = feed.state === 'live' || feed.state === 'closed';
      const isStarting = phase === 'starting' || phase === 'building';
      const isRedisWell = redis?.isUp() ?? true;
      const running = database && isRedisWell && phase === 'live' ? 'ok' : 'degraded';
      return {
        status: isStarting ? 'starting' : running,
        version,
        uptimeMs: Math.round(deps.clock.monoMs() - startedMono),
        checks: {
          database: { ok: database },
          ...(redis && { redis: { ok: isRedisWell } }),
          feed: { ok: isFeedWell, detail: feed.state },
          chains: { ok: phase === 'live', detail: phase },
        },
      };
    },
    isReady: () => !isStopping && service.status().phase !== 'starting',
    stopping: () => {
      isStopping = true;
    },
    servers: () => ({ database: wasDatabaseWell, ...(redis && { redis: redis.isUp() }) }),
  };
}

async function isDatabaseWell(deps: { clock: Clock; database: DataSource }): Promise<boolean> {
  const answered = deps.database.query('select 1').then(
    () => true,
    () => false,
  );
  return Promise.race([answered, sleep(deps.clock, databaseWithinMs).then(() => false)]);
}
