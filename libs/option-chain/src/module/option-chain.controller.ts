import { Controller, Get, Inject, Query } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import {
  expiriesQuerySchema,
  type Expiries,
  type PlatformStatus,
  type TermStructure,
  type Underlyings,
} from '@strikewire/contracts';
import type { RouteAccess } from '@strikewire/platform';
import type { ChainService } from '../engine/chain-service';
import { CHAIN_SERVICE } from './tokens';

const viewer: RouteAccess = { access: 'viewer' };

/** What is served, and how it stands. The chain itself is a native route: see live-route. */
@Controller('api/optionchain')
export class OptionChainController {
  private readonly service: ChainService;

  constructor(@Inject(CHAIN_SERVICE) service: ChainService) {
    this.service = service;
  }

  @Get('underlyings')
  @RouteConfig(viewer)
  underlyings(): Underlyings {
    return this.service.underlyings();
  }

  @Get('expiries')
  @RouteConfig(viewer)
  expiries(@Query() query: unknown): Expiries {
    return this.service.expiries(expiriesQuerySchema.parse(query).underlying);
  }

  @Get('term-structure')
  @RouteConfig(viewer)
  termStructure(@Query() query: unknown): TermStructure {
    return this.service.termStructure(expiriesQuerySchema.parse(query).underlying);
  }

  @Get('status')
  @RouteConfig(viewer)
  status(): PlatformStatus {
    return this.service.status();
  }
}
