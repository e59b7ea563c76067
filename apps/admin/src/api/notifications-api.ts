import {
  channelSchema,
  channelsSchema,
  deliveryReportSchema,
  notificationsSchema,
  type ChannelChange,
  type DeliveryReport,
  type NewChannel,
  type NotificationChannel,
  type NotificationChannels,
  type Notifications,
} from '@strikewire/contracts';
import type { Call } from './call';
import type { StepUpGate } from './step-up-gate';

/** What people are told, and, for admins, by which ways it leaves the platform. */
export interface NotificationsApi {
  list(): Promise<Notifications>;
  /** Everything up to this id was seen. */
  read(upTo: number): Promise<void>;
  channels(): Promise<NotificationChannels>;
  addChannel(channel: NewChannel): Promise<NotificationChannel>;
  changeChannel(id: string, change: ChannelChange): Promise<NotificationChannel>;
  removeChannel(id: string): Promise<void>;
  testChannel(id: string): Promise<DeliveryReport>;
}

const channels = 'notification-channels';

export function notificationsApi(call: Call, gate: StepUpGate): NotificationsApi {
  return {
    list: () => call({ method: 'GET', path: 'notifications' }, notificationsSchema),
    read: (upTo) => call.none({ method: 'POST', path: 'notifications/read', body: { upTo } }),
    channels: () => call({ method: 'GET', path: channels }, channelsSchema),
    addChannel: (body) =>
      gate.pass(() => call({ method: 'POST', path: channels, body }, channelSchema)),
    changeChannel: (id, body) => {
      const ask = { method: 'PATCH', path: `${channels}/${id}`, body } as const;
      return gate.pass(() => call(ask, channelSchema));
    },
    removeChannel: (id) =>
      gate.pass(() => call.none({ method: 'DELETE', path: `${channels}/${id}` })),
    testChannel: (id) => {
      const ask = { method: 'POST', path: `${channels}/${id}/test` } as const;
      return gate.pass(() => call(ask, deliveryReportSchema));
    },
  };
}
