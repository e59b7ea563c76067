import type { Notification, Notifications } from '@strikewire/contracts';
import type { RestClient } from '../rest/rest-client';
import type { ChannelMessage, ChannelReader, ChannelRequest, Outcome } from './channel-reader';
import { NumberedPlace } from './numbered-place';

/** As many as the server shows. */
const shownMax = 100;

/**
 * The inbox, kept up to date: read over HTTP at first and after whatever was missed, then told of
 * each notification as it comes.
 */
export class AlertsReader implements ChannelReader<Notifications> {
  state: Notifications | null = null;
  readonly poll = (rest: RestClient): Promise<Notifications> => rest.notifications();
  private readonly refresh: () => void;
  private readonly place = new NumberedPlace();

  /** `refresh` has the inbox read over HTTP; the answer comes as `takePolled`. */
  constructor(refresh: () => void) {
    this.refresh = refresh;
  }

  get request(): ChannelRequest {
    return { channel: 'alerts', encoding: 'json', ...this.place.after };
  }

  take(message: ChannelMessage): Outcome {
    if (message.channel !== 'alerts') return 'nothing';
    const hasMissed = !this.place.follow(message);
    if (message.type === 'subscribed') {
      if (hasMissed || this.state === null) this.refresh();
      return 'joined';
    }
    if (hasMissed) this.refresh();
    if (message.type !== 'event' || this.state === null) return 'nothing';
    this.state = withAlert(this.state, message.data);
    return 'changed';
  }

  takePolled(state: Notifications): void {
    this.state = state;
  }
}

/** What has happened once more is told again, under its id. */
function withAlert(held: Notifications, alert: Notification): Notifications {
  const { notifications, unread } = held;
  const index = notifications.findIndex(({ id }) => id === alert.id);
  if (index >= 0) return { unread, notifications: notifications.with(index, alert) };
  const newest = notifications[0]?.id ?? 0;
  if (alert.id < newest) return held;
  const shown = [alert, ...notifications].slice(0, shownMax);
  return { unread: unread + 1, notifications: shown };
}
