import { Module, type DynamicModule } from '@nestjs/common';
import { TRADING_HOURS } from './tokens';
import type { TradingHours } from './trading-hours';
import { TradingHoursController } from './trading-hours.controller';

/** REST of trading hours. */
@Module({})
export class TradingHoursModule {
  static over(hours: TradingHours): DynamicModule {
    return {
      module: TradingHoursModule,
      controllers: [TradingHoursController],
      providers: [{ provide: TRADING_HOURS, useValue: hours }],
    };
  }
}
