import 'reflect-metadata';
import { Module, type DynamicModule } from '@nestjs/common';
import { AccessModule } from '@strikewire/access/module';
import { BrokerModule } from '@strikewire/broker/module';
import { createOrderedChannels } from '@strikewire/option-chain/engine';
import { OptionChainModule, UniverseModule } from '@strikewire/option-chain/module';
import { NotificationsModule } from '@strikewire/platform/notifications';
import { TradingHoursModule } from '@strikewire/trading-hours/module';
import { HEALTH_PROBE, HealthController } from './health.controller';
import type { ServerOptions } from './server-options';

/** Every library's controllers and gateways over what was opened for them. */
@Module({})
export class ApiModule {
  static over(options: ServerOptions): DynamicModule {
    const { engine, access, accounts, hours, notifications, clock, log, health, seats } = options;
    const { universe: rules, database } = options;
    const { activity } = access;
    const ordered = createOrderedChannels(clock, () => engine.hub.takeId());
    notifications.listen((notification) => ordered.publishAlert(notification));
    return {
      module: ApiModule,
      imports: [
        AccessModule.over(access),
        BrokerModule.over(accounts),
        NotificationsModule.over(notifications),
        TradingHoursModule.over(hours),
        UniverseModule.over(engine, { rules, database, activity }),
        OptionChainModule.over(engine, { clock, log, ordered, seats }),
      ],
      controllers: [HealthController],
      providers: [{ provide: HEALTH_PROBE, useValue: health }],
    };
  }
}
