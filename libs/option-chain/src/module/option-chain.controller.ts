import { Controller, Get, Inject, Query } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import {
  expiriesQuerySchema,
  expiriesSchema,
  statusSchema,
  termStructureSchema,
  underlyingsSchema,
  type Expiries,
  type ExpiriesQuery,
  type PlatformStatus,
  type TermStructure,
  type Underlyings,
} from '@strikewire/contracts';
import { accessRules, routeOf } from '@strikewire/platform';
import type { ChainService } from '../engine/chain-service';
import { CHAIN_SERVICE } from './tokens';

const { chainReaders } = accessRules;

/** What is served, and how it stands. The chain itself is a native route: see live-route. */
@Controller('api/optionchain')
export class OptionChainController {
  private readonly service: ChainService;

  constructor(@Inject(CHAIN_SERVICE) service: ChainService) {
    this.service = service;
  }

  @Get('underlyings')
  @RouteConfig(routeOf(chainReaders, 'What is served', { answer: underlyingsSchema }))
  underlyings(): Underlyings {
    return this.service.underlyings();
  }

  @Get('expiries')
  @RouteConfig(
    routeOf(chainReaders, 'An underlying\'s expiries, listed and kept', {
      query: expiriesQuerySchema,
      answer: expiriesSchema,
    }),
  )
  expiries(@Query() { underlying }: ExpiriesQuery): Expiries {
    return this.service.expiries(underlying);
  }

  @Get('term-structure')
  @RouteConfig(
    routeOf(chainReaders, 'At-the-money volatility over an underlying\'s expiries', {
      query: expiriesQuerySchema,
      answer: termStructureSchema,
    }),
  )
  termStructure(@Query() { underlying }: ExpiriesQuery): TermStructure {
    return this.service.termStructure(underlying);
  }

  @Get('status')
  @RouteConfig(
    routeOf(chainReaders, 'How feed, budget and every chain stand', { answer: statusSchema }),
  )
  status(): PlatformStatus {
    return this.service.status();
  }
}
