import { z } from 'zod';
import { idSchema, lineSchema } from './access';

/** How much something matters; each includes those after it when a channel filters. */
export const severities = ['info', 'warning', 'critical'] as const;
/** One of the severities. */
export type Severity = (typeof severities)[number];

/** Something that people should know. */
export const notificationSchema = z.object({
  id: z.number().int(),
  at: z.string(),
  severity: z.enum(severities),
  /** For programs, for example `account.parked`. */
  kind: z.string(),
  title: z.string(),
  text: z.string(),
  /** How often it happened, when it was told as one. */
  count: z.number().int(),
});
/** Something that people should know. */
export type Notification = z.infer<typeof notificationSchema>;

/** Answer of `GET /api/notifications`: newest first, at most 100. */
export const notificationsSchema = z.object({
  notifications: z.array(notificationSchema),
  /** How many the caller has not seen. */
  unread: z.number().int(),
});
/** Notifications, with how many are new to the caller. */
export type Notifications = z.infer<typeof notificationsSchema>;

/** Body of `POST /api/notifications/read`: everything up to this id was seen. */
export const notificationsReadSchema = z.strictObject({ upTo: z.number().int().min(0) });
/** What was seen. */
export type NotificationsRead = z.infer<typeof notificationsReadSchema>;

const hostSchema = z
  .string()
  .trim()
  .max(253)
  .regex(/^[a-zA-Z0-9.:_-]+$/, { error: 'needs to be the name or address of a host' });
const addressSchema = z.email({ error: 'needs to be an e-mail address' }).max(254);

const webhookSchema = z.strictObject({
  kind: z.literal('webhook'),
  url: z.url({ protocol: /^https?$/, error: 'needs to be an http or https address' }).max(2_048),
  /** Signs what is sent; `***` when it is set and shown. */
  secret: lineSchema(256).min(16, { error: 'needs at least 16 characters' }).or(z.literal('***')),
});
const emailSchema = z.strictObject({
  kind: z.literal('email'),
  host: hostSchema,
  port: z.number().int().min(1).max(65_535),
  /** `tls` from the start, `starttls` required after it, or `none`. */
  security: z.enum(['tls', 'starttls', 'none']),
  user: lineSchema(254).nullable(),
  password: z.string().min(1).max(256).nullable(),
  from: addressSchema,
  to: z.array(addressSchema).min(1).max(20),
});

/** Where a channel goes and with which secrets. */
export const channelSettingsSchema = z.discriminatedUnion('kind', [webhookSchema, emailSchema]);
/** Where a channel goes. */
export type ChannelSettings = z.infer<typeof channelSettingsSchema>;

/** A way by which notifications leave the platform. */
export const channelSchema = z.object({
  id: idSchema,
  name: z.string(),
  /** Secrets that are set are `***`. */
  settings: channelSettingsSchema,
  minSeverity: z.enum(severities),
  enabled: z.boolean(),
  lastDelivery: z
    .object({ ok: z.boolean(), at: z.string(), message: z.string() })
    .nullable(),
});
/** A way by which notifications leave the platform. */
export type NotificationChannel = z.infer<typeof channelSchema>;

/** Answer of `GET /api/notification-channels`. */
export const channelsSchema = z.object({ channels: z.array(channelSchema) });
/** The channels. */
export type NotificationChannels = z.infer<typeof channelsSchema>;

/** Body of `POST /api/notification-channels`. */
export const newChannelSchema = z.strictObject({
  name: lineSchema(64),
  settings: channelSettingsSchema,
  minSeverity: z.enum(severities).default('warning'),
  enabled: z.boolean().default(true),
});
/** A channel to be added. */
export type NewChannel = z.infer<typeof newChannelSchema>;

/** Body of `PATCH /api/notification-channels/:id`; a secret of `***` stays as it is. */
export const channelChangeSchema = z
  .strictObject({
    name: lineSchema(64),
    settings: channelSettingsSchema,
    minSeverity: z.enum(severities),
    enabled: z.boolean(),
  })
  .partial();
/** A change of a channel. */
export type ChannelChange = z.infer<typeof channelChangeSchema>;

/** Answer of `POST /api/notification-channels/:id/test`. */
export const deliveryReportSchema = z.object({ ok: z.boolean(), message: z.string() });
/** How a delivery went. */
export type DeliveryReport = z.infer<typeof deliveryReportSchema>;
