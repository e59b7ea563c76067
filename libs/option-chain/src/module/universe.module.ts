import { Module, type DynamicModule } from '@nestjs/common';
import type { ActivityRecorder } from '@strikewire/platform';
import type { DataSource } from 'typeorm';
import type { OptionChainEngine } from '../engine/option-chain-engine';
import { CapacityController } from './capacity.controller';
import { RefreshDesk } from './refresh-desk';
import { RefreshController } from './refresh.controller';
import { CHAIN_SERVICE, REFRESH_DESK, UNIVERSE_REPORT, UNIVERSE_RULES } from './tokens';
import { UniverseController } from './universe.controller';
import type { UniverseRules } from './universe-rules';

/** What is served, what carries it, and refreshes by hand: over a running engine. */
@Module({})
export class UniverseModule {
  static over(engine: OptionChainEngine, shared: {
    rules: UniverseRules;
    database: DataSource;
    activity: ActivityRecorder;
  }): DynamicModule {
    const { rules, database, activity } = shared;
    const { refreshes, requests } = engine;
    const desk = new RefreshDesk({ database, activity, refreshes, requests });
    return {
      module: UniverseModule,
      controllers: [UniverseController, CapacityController, RefreshController],
      providers: [
        { provide: UNIVERSE_RULES, useValue: rules },
        { provide: UNIVERSE_REPORT, useValue: engine.universe },
        { provide: CHAIN_SERVICE, useValue: engine.service },
        { provide: REFRESH_DESK, useValue: desk },
      ],
    };
  }
}
