import { Module, type DynamicModule } from '@nestjs/common';
import { ChannelsController } from './channels.controller';
import type { NotificationCentre } from './notification-centre';
import { NotificationsController } from './notifications.controller';
import { NOTIFICATION_CENTRE } from './tokens';

/** REST of notifications and of their channels. */
@Module({})
export class NotificationsModule {
  static over(centre: NotificationCentre): DynamicModule {
    return {
      module: NotificationsModule,
      controllers: [NotificationsController, ChannelsController],
      providers: [{ provide: NOTIFICATION_CENTRE, useValue: centre }],
    };
  }
}
