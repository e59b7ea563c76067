import { Module, type DynamicModule } from '@nestjs/common';
import type { Clock, Log } from '@strikewire/runtime';
import type { OptionChainEngine } from '../engine/option-chain-engine';
import { GreeksGateway } from './greeks.gateway';
import { OptionChainController } from './option-chain.controller';
import { OptionChainGateway } from './option-chain.gateway';
import { CHAIN_CLOCK, CHAIN_LOG, CHAIN_SERVICE, GREEKS_HUB, STREAM_HUB } from './tokens';

/** REST and sockets over a running engine. */
@Module({})
export class OptionChainModule {
  static over(engine: OptionChainEngine, shared: { clock: Clock; log: Log }): DynamicModule {
    return {
      module: OptionChainModule,
      controllers: [OptionChainController],
      providers: [
        { provide: CHAIN_SERVICE, useValue: engine.service },
        { provide: STREAM_HUB, useValue: engine.hub },
        { provide: CHAIN_CLOCK, useValue: shared.clock },
        { provide: CHAIN_LOG, useValue: shared.log },
        { provide: GREEKS_HUB, useValue: engine.greeksHub },
        OptionChainGateway,
        GreeksGateway,
      ],
    };
  }
}
