import { Module, type DynamicModule } from '@nestjs/common';
import type { Clock, Log } from '@strikewire/runtime';
import type { OptionChainEngine } from '../engine/option-chain-engine';
import type { OrderedChannels } from '../engine/ordered-channels';
import { StateChannels } from '../engine/state-channels';
import { usualSeats, type SeatLimits } from './client-seats';
import type { SessionSources } from './client-session';
import { ContractController } from './contract.controller';
import { GreeksGateway } from './greeks.gateway';
import { OptionChainController } from './option-chain.controller';
import { OptionChainGateway } from './option-chain.gateway';
import { StatusGateway } from './status.gateway';
import {
  CHAIN_CLOCK,
  CHAIN_LOG,
  CHAIN_SERVICE,
  CONTRACT_TERMS,
  GREEKS_HUB,
  SEAT_LIMITS,
  SESSION_SOURCES,
} from './tokens';

/** What the module shares with others. */
export interface SharedByChains {
  clock: Clock;
  log: Log;
  /** The ordered channels of `/ws`; whoever has news publishes there. */
  ordered: OrderedChannels;
  /** How many sockets there may be. */
  seats?: SeatLimits | undefined;
}


/** REST and sockets over a running engine. */
@Module({})
export class OptionChainModule {
  static over(engine: OptionChainEngine, shared: SharedByChains): DynamicModule {
    const { clock, log, ordered, seats = usualSeats } = shared;
    const { hub, service } = engine;
    const state = new StateChannels({ clock, hub, service });
    const sources: SessionSources = { clock, hub, state, ordered };
    return {
      module: OptionChainModule,
      controllers: [OptionChainController, ContractController],
      providers: [
        { provide: CHAIN_SERVICE, useValue: service },
        { provide: CONTRACT_TERMS, useValue: engine.terms },
        { provide: SESSION_SOURCES, useValue: sources },
        { provide: SEAT_LIMITS, useValue: seats },
        { provide: CHAIN_CLOCK, useValue: clock },
        { provide: CHAIN_LOG, useValue: log },
        { provide: GREEKS_HUB, useValue: engine.greeksHub },
        OptionChainGateway,
        GreeksGateway,
        StatusGateway,
      ],
    };
  }
}
