import { indiaIsoOf, type DeliveryReport, type Notification } from '@strikewire/contracts';
import {
  errorMessageOf,
  type Clock,
  type Http,
  type Jobs,
  type Log,
  type SecureRandom,
  type Timer,
} from '@strikewire/runtime';
import type { DataSource } from 'typeorm';
import type { ActivityRecorder } from '../activity/activity-recorder';
import type { Vault } from '../secrets/vault';
import { Channels } from './channels';
import { Deliveries } from './deliveries';
import { Inbox } from './inbox';
import { sendMailOverSmtp, type SendMail } from './mail';
import type { Notifier } from './news';
import { NewsDesk } from './news-desk';

/** What notifications need. */
export interface NotificationDeps {
  clock: Clock;
  log: Log;
  random: SecureRandom;
  database: DataSource;
  vault: Vault;
  jobs: Jobs;
  http: Http;
  activity: ActivityRecorder;
  /** SMTP when not given. */
  sendMail?: SendMail;
}

/** Notifications of one process. */
export interface NotificationCentre {
  readonly notifier: Notifier;
  readonly inbox: Inbox;
  readonly channels: Channels;
  /** Calls `fn` with what this process puts in the inbox; returns how to stop that. */
  listen(fn: (notification: Notification) => void): () => void;
  /** Sends a message to a channel now, and tells how it went. */
  test(channelId: string): Promise<DeliveryReport>;
  /** Before the jobs and the database stop. */
  stop(): Promise<void>;
}

/** How soon a channel that another process changed is known here. */
const reloadMs = 60_000;

/** Opens notifications over a database that has their tables. */
export async function openNotifications(deps: NotificationDeps): Promise<NotificationCentre> {
  const { clock, log, database, random } = deps;
  const channels = new Channels(deps);
  await channels.load();
  const { sendMail = sendMailOverSmtp } = deps;
  const deliveries = new Deliveries({ ...deps, sendMail, channels });
  const dispatch = deliveries.add.bind(deliveries);
  const listeners = new Set<(notification: Notification) => void>();
  const stored = (notification: Notification): void => listeners.forEach((fn) => fn(notification));
  const desk = new NewsDesk({ clock, log, random, database, dispatch, stored });
  const stopReload = reloadNowAndThen(channels, deps);
  return {
    notifier: desk,
    inbox: new Inbox(database),
    channels,
    listen(fn) {
      listeners.add(fn);
      return () => listeners.delete(fn);
    },
    async test(channelId) {
      const settings = await channels.read(channelId);
      const report = await deliveries.attempt(settings, {
        id: random.uuid(),
        at: indiaIsoOf(clock.wallMs()),
        severity: 'info',
        kind: 'notification.test',
        title: 'A test of this channel',
        text: 'Somebody asked for it in the console. Nothing has happened.',
        details: {},
      });
      await channels.note(channelId, report);
      return report;
    },
    async stop() {
      stopReload();
      await desk.stop();
    },
  };
}

function reloadNowAndThen(channels: Channels, { clock, log }: NotificationDeps): () => void {
  let timer: Timer;
  let isStopped = false;
  const arm = (): void => {
    if (!isStopped) timer = clock.after(reloadMs, reload);
  };
  const reload = (): void => {
    channels
      .load()
      .catch((error: unknown) => {
        log.debug('channels were not read again', { reason: errorMessageOf(error) });
      })
      .finally(arm);
  };
  arm();
  return () => {
    isStopped = true;
    timer.cancel();
  };
}
