import {
  brokerRequestMetrics,
  createMetrics,
  measuredHttp,
  type Metrics,
} from '@strikewire/platform/metrics';
import { openNotifications, type NotificationCentre } from '@strikewire/platform/notifications';
import type { Clock, Http, Log, SecureRandom } from '@strikewire/runtime';
import type { Security } from './security';
import type { StopSteps } from './shutdown';
import type { Storage } from './storage';

/** How the platform tells people and programs how it is. */
export interface Telling {
  metrics: Metrics;
  notifications: NotificationCentre;
  /** For brokers: every request is measured. */
  brokerHttp: Http;
}

/** Opens metrics and notifications. */
export async function openTelling(deps: {
  clock: Clock;
  log: Log;
  ids: SecureRandom;
  http: Http;
  storage: Storage;
  security: Security;
  stops: StopSteps;
}): Promise<Telling> {
  const { clock, log, ids, http, storage, security, stops } = deps;
  const metrics = createMetrics(log);
  const notifications = await openNotifications({
    clock,
    log,
    http,
    random: ids,
    database: storage.database,
    jobs: storage.jobs,
    vault: security.vault,
    activity: security.access.activity,
  });
  stops.push(() => notifications.stop());
  const observe = brokerRequestMetrics(metrics);
  return {
    metrics,
    notifications,
    brokerHttp: measuredHttp(http, { clock, observe, patternOf: (_method, path) => shapeOf(path) }),
  };
}

/** A path with everything that looks like an id or a token as `:id`; files are one pattern. */
function shapeOf(path: string): string {
  const parts = path.split('/').map((part) => (/^[a-zA-Z_-]{1,24}$/.test(part) ? part : ':id'));
  return parts.slice(1, 6).reduce((shape, part) => `${shape}/${part}`, '');
}
