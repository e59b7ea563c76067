export { CreateNotificationTables1795305700000 } from './create-notification-tables.migration';
export { notificationEntities, notificationSealedColumns } from './entities';
export type { SendMail, MailSettings } from './mail';
export type { Dispatch, News, Notifier } from './news';
export {
  openNotifications,
  type NotificationCentre,
  type NotificationDeps,
} from './notification-centre';
export { NotificationsModule } from './notifications.module';
