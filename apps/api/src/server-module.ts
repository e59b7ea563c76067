import 'reflect-metadata';
import { Module, type DynamicModule } from '@nestjs/common';
import { AccessModule } from '@strikewire/access/module';
import { BrokerModule } from '@strikewire/broker/module';
import { MarginModule } from '@strikewire/margin/module';
import { OptionChainModule, UniverseModule } from '@strikewire/option-chain/module';
import { OrdersModule } from '@strikewire/orders/module';
import { NotificationsModule } from '@strikewire/platform/notifications';
import { TradingHoursModule } from '@strikewire/trading-hours/module';
import { HEALTH_PROBE, HealthController } from './health.controller';
import type { ServerOptions } from './server-options';

/** Every library's controllers and gateways over what was opened for them. */
@Module({})
export class ApiModule {
  static over(options: ServerOptions): DynamicModule {
    const { engine, access, brokers, hours, notifications, clock, log, health, seats } = options;
    const { universe: rules, database, trading } = options;
    const { ordered } = trading;
    const { activity } = access;
    notifications.listen((notification) => ordered.publishAlert(notification));
    return {
      module: ApiModule,
      imports: [
        AccessModule.over(access),
        BrokerModule.over(brokers, options.publicUrl),
        NotificationsModule.over(notifications),
        MarginModule.over(trading.margin),
        OrdersModule.over(trading.orders),
        TradingHoursModule.over(hours),
        UniverseModule.over(engine, { rules, database, activity }),
        OptionChainModule.over(engine, { clock, log, ordered, seats }),
      ],
      controllers: [HealthController],
      providers: [{ provide: HEALTH_PROBE, useValue: health }],
    };
  }
}
