import { Module, type DynamicModule } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { SessionHeartbeat, type BeatenWakeUp } from './scheduled-wake-up';
import type { SessionDesk } from './session-desk';
import { SessionController } from './session.controller';
import { HALT_DESK, SESSION_DESK, TRADING_HOURS, WAKE_UP } from './tokens';
import type { HaltDesk } from './trading-halts';
import type { TradingHours } from './trading-hours';
import { TradingHoursController } from './trading-hours.controller';

/** Everything of trading hours that is served. */
export interface ServedHours {
  hours: TradingHours;
  sessions: SessionDesk;
  halts: HaltDesk;
  wakeUp: BeatenWakeUp;
}

/** REST of trading hours, and the heartbeat of their scheduler. */
@Module({})
export class TradingHoursModule {
  static over({ hours, sessions, halts, wakeUp }: ServedHours): DynamicModule {
    return {
      module: TradingHoursModule,
      imports: [ScheduleModule.forRoot()],
      controllers: [TradingHoursController, SessionController],
      providers: [
        { provide: TRADING_HOURS, useValue: hours },
        { provide: SESSION_DESK, useValue: sessions },
        { provide: HALT_DESK, useValue: halts },
        { provide: WAKE_UP, useValue: wakeUp },
        SessionHeartbeat,
      ],
    };
  }
}
