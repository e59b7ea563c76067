import { Controller, Get, Inject } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { capacitySchema, type Capacity } from '@strikewire/contracts';
import { accessRules, routeOf } from '@strikewire/platform';
import type { ChainService } from '../engine/chain-service';
import { CHAIN_SERVICE } from './tokens';

/** Who carries the subscription, and what nobody does. */
@Controller('api/optionchain/capacity')
export class CapacityController {
  private readonly service: ChainService;

  constructor(@Inject(CHAIN_SERVICE) service: ChainService) {
    this.service = service;
  }

  @Get()
  @RouteConfig(
    routeOf(accessRules.chainReaders, 'What each account carry, and what REST alone keeps', {
      answer: capacitySchema,
    }),
  )
  read(): Capacity {
    return this.service.capacity();
  }
}
