import type { Clock, Http, Jobs, Log, SecureRandom } from '@strikewire/runtime';
import { createHash } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { ActivityEntry } from '../../activity/activity-recorder';
import { openDatabase } from '../../database/data-source';
import { masterKeyOf } from '../../secrets/master-key';
import { createVault, type Vault } from '../../secrets/vault';
import { CreateNotificationTables1795305700000 } from '../create-notification-tables.migration';
import { notificationEntities } from '../entities';
import type { SendMail } from '../mail';
import { openNotifications, type NotificationCentre } from '../notification-centre';

/** What a test brings. */
export interface CentreOptions {
  url: string;
  clock: Clock;
  log: Log;
  random: SecureRandom;
  jobs: Jobs;
  http: Http;
  sendMail?: SendMail;
}

/** Notifications over a database, with what they wrote into the activity log. */
export interface OpenedCentre extends NotificationCentre {
  readonly database: DataSource;
  readonly vault: Vault;
  readonly activities: ActivityEntry[];
  /** Stops and disconnects. */
  end(): Promise<void>;
}

/** Opens notifications as the platform does, with a key that every test shares. */
export async function openCentre(options: CentreOptions): Promise<OpenedCentre> {
  const { url, log, random } = options;
  const database = await openDatabase({
    url,
    entities: notificationEntities,
    migrations: [CreateNotificationTables1795305700000],
    log,
  });
  const current = masterKeyOf(createHash('sha256').update('for tests').digest());
  const vault = createVault({ current }, (count) => random.bytes(count));
  const activities: ActivityEntry[] = [];
  const activity = {
    async record(_manager: unknown, _by: unknown, entry: ActivityEntry): Promise<void> {
      activities.push(entry);
    },
  };
  const centre = await openNotifications({ ...options, database, vault, activity });
  const end = async (): Promise<void> => {
    await centre.stop();
    await database.destroy();
  };
  return { ...centre, database, vault, activities, end };
}
