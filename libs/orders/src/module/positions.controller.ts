import { Body, Controller, Get, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import * as contract from '@strikewire/contracts';
import { accessRules, routeOf } from '@strikewire/platform';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { askerOf } from './asker-of';
import { accountBodySchema } from './order-params';
import type { OrderService } from './order-service';
import { ORDER_SERVICE } from './tokens';

const { traders, orderReaders, admins, adminsConfirmed } = accessRules;

/** Positions that are others at the broker, and expiries whose price nobody saw. */
@Controller('api')
export class PositionsController {
  private readonly orders: OrderService;

  constructor(@Inject(ORDER_SERVICE) orders: OrderService) {
    this.orders = orders;
  }

  @Get('positions/differences')
  @RouteConfig(
    routeOf(orderReaders, 'Positions that are others at the broker, as compared last', {
      answer: contract.positionDifferencesSchema,
    }),
  )
  differences(@Req() request: FastifyRequest): contract.PositionDifferences {
    return this.orders.differences(askerOf(request));
  }

  @Post('positions/compare')
  @HttpCode(200)
  @RouteConfig(
    routeOf(traders, 'Ask a broker what an account holds, and compare', {
      body: accountBodySchema,
      answer: contract.positionDifferencesSchema,
    }),
  )
  compare(
    @Body() { account }: z.infer<typeof accountBodySchema>,
    @Req() request: FastifyRequest,
  ): Promise<contract.PositionDifferences> {
    return this.orders.compare(askerOf(request), account);
  }

  @Post('positions/adopt')
  @HttpCode(200)
  @RouteConfig(
    routeOf(adminsConfirmed, 'Make a position agree with what its broker holds', {
      body: contract.adoptPositionSchema,
      answer: contract.positionDifferencesSchema,
    }),
  )
  adopt(
    @Body() body: contract.AdoptPosition,
    @Req() request: FastifyRequest,
  ): Promise<contract.PositionDifferences> {
    return this.orders.adopt(askerOf(request), body);
  }

  @Get('settlements')
  @RouteConfig(
    routeOf(admins, 'Expiries whose price nobody saw, with paper positions that wait for it', {
      answer: contract.waitingSettlementsSchema,
    }),
  )
  waiting(): contract.WaitingSettlements {
    return this.orders.waitingSettlements();
  }

  @Post('settlements')
  @HttpCode(200)
  @RouteConfig(
    routeOf(adminsConfirmed, 'State the settlement price of an underlying for an expiry', {
      body: contract.settlementPriceSchema,
      answer: contract.waitingSettlementsSchema,
    }),
  )
  state(
    @Body() body: contract.SettlementPrice,
    @Req() request: FastifyRequest,
  ): Promise<contract.WaitingSettlements> {
    return this.orders.stateSettlement(askerOf(request), body);
  }
}
