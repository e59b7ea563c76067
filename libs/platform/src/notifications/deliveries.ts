import type { ChannelSettings } from '@strikewire/contracts';
import { errorMessageOf, type Clock, type Http, type Jobs, type Log } from '@strikewire/runtime';
import type { Channels, DeliveryOutcome } from './channels';
import type { SendMail } from './mail';
import type { Dispatch } from './news';
import { sendWebhook } from './webhook';

/** What deliveries need. */
export interface DeliveriesDeps {
  clock: Clock;
  log: Log;
  http: Http;
  sendMail: SendMail;
  jobs: Jobs;
  channels: Channels;
}

interface Delivery {
  readonly channelId: string;
  readonly dispatch: Dispatch;
}

const jobName = 'notification-delivery';
/** After 10, 20, 40, 80 and 160 s. */
const tries = { attempts: 6, backoffMs: 10_000 } as const;
const concurrency = 4;

/** Brings notifications to channels, and again when it fails. */
export class Deliveries {
  private readonly deps: DeliveriesDeps;

  constructor(deps: DeliveriesDeps) {
    this.deps = deps;
    const deliver = (data: unknown): Promise<void> => this.deliver(data as Delivery);
    deps.jobs.handle(jobName, deliver, { concurrency });
  }

  /** Adds a job for each channel; one that cannot be added is told to the log. */
  async add(dispatch: Dispatch): Promise<void> {
    const { channels, jobs, log } = this.deps;
    for (const channelId of channels.reachedBy(dispatch.severity)) {
      const delivery: Delivery = { channelId, dispatch };
      try {
        await jobs.add(jobName, delivery, { ...tries, id: `${dispatch.id}:${channelId}` });
      } catch (error) {
        const reason = errorMessageOf(error);
        log.error('a notification is not sent', { channelId, kind: dispatch.kind, reason });
      }
    }
  }

  /** Sends at once and tells how it went; never rejects. */
  async attempt(settings: ChannelSettings, dispatch: Dispatch): Promise<DeliveryOutcome> {
    try {
      if (settings.kind === 'webhook') await sendWebhook(settings, dispatch, this.deps);
      else await this.deps.sendMail(settings, dispatch);
      return { ok: true, message: 'delivered' };
    } catch (error) {
      return { ok: false, message: errorMessageOf(error) };
    }
  }

  private async deliver({ channelId, dispatch }: Delivery): Promise<void> {
    const { channels, log } = this.deps;
    const settings = channels.settingsOf(channelId);
    if (settings === undefined) {
      log.info('a notification is not sent: its channel is off', { channelId });
      return;
    }
    const outcome = await this.attempt(settings, dispatch);
    // A message that went out is not sent again because nobody could write that down.
    await channels.note(channelId, outcome).catch((error: unknown) => {
      log.debug('a delivery was not noted', { channelId, reason: errorMessageOf(error) });
    });
    if (!outcome.ok) throw new Error(outcome.message);
  }
}
