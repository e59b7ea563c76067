import { indiaIsoOf, type Notification, type Notifications } from '@strikewire/contracts';
import type { DataSource } from 'typeorm';
import { notificationEntity, readMarkEntity, type NotificationRow } from './entities';

const shownMax = 100;

/** What people were told, and what each has seen. */
export class Inbox {
  private readonly database: DataSource;

  constructor(database: DataSource) {
    this.database = database;
  }

  /** Newest first. */
  async list(userId: string): Promise<Notifications> {
    const notifications = this.database.getRepository(notificationEntity);
    const rows = await notifications.find({ order: { id: 'desc' }, take: shownMax });
    const mark = await this.database.getRepository(readMarkEntity).findOneBy({ userId });
    const unread = await notifications
      .createQueryBuilder('notification')
      .where('notification.id > :upTo', { upTo: mark?.readUpTo ?? '0' })
      .getCount();
    return { notifications: rows.map(shown), unread };
  }

  /** What comes later than the latest of now stays unread, whatever was asked for. */
  async markRead(userId: string, upTo: number): Promise<void> {
    await this.database.query(
      `insert into notification_read (user_id, read_up_to)
       values ($1, least($2::bigint, coalesce((select max(id) from notification), 0)))
       on conflict (user_id) do update
       set read_up_to = greatest(notification_read.read_up_to, excluded.read_up_to)`,
      [userId, upTo],
    );
  }
}

function shown({ id, at, severity, kind, title, text, count }: NotificationRow): Notification {
  return { id: Number(id), at: indiaIsoOf(at.getTime()), severity, kind, title, text, count };
}
