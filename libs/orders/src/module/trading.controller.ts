import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Put, Query, Req }
  from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import * as contract from '@strikewire/contracts';
import { accessRules, routeOf } from '@strikewire/platform';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { askerOf } from './asker-of';
import { accountBodySchema, accountQuerySchema } from './order-params';
import type { OrderService } from './order-service';
import { ORDER_SERVICE } from './tokens';

const { traders, orderReaders, adminsConfirmed } = accessRules;

/** What is held and was traded, where orders may go, and whether any may. */
@Controller('api')
export class TradingController {
  private readonly orders: OrderService;

  constructor(@Inject(ORDER_SERVICE) orders: OrderService) {
    this.orders = orders;
  }

  @Get('trading')
  @RouteConfig(
    routeOf(orderReaders, 'Where orders may go, and whether any may', {
      answer: contract.tradingSchema,
    }),
  )
  trading(@Req() request: FastifyRequest): contract.Trading {
    return this.orders.trading(askerOf(request));
  }

  @Get('trades')
  @RouteConfig(
    routeOf(orderReaders, 'Trades, newest first', {
      query: contract.ordersQuerySchema,
      answer: contract.tradesSchema,
    }),
  )
  trades(
    @Query() query: z.infer<typeof contract.ordersQuerySchema>,
    @Req() request: FastifyRequest,
  ): Promise<contract.Trades> {
    return this.orders.trades(askerOf(request), query);
  }

  @Get('positions')
  @RouteConfig(
    routeOf(orderReaders, 'What is held, with profit and loss after charges', {
      query: accountQuerySchema,
      answer: contract.positionsSchema,
    }),
  )
  positions(
    @Query() { account }: z.infer<typeof accountQuerySchema>,
    @Req() request: FastifyRequest,
  ): contract.Positions {
    return this.orders.positions(askerOf(request), account);
  }

  @Post('positions/exit')
  @HttpCode(200)
  @RouteConfig(
    routeOf(traders, 'Close a position, or all of an account', {
      body: contract.exitSchema,
      answer: contract.ordersSchema,
    }),
  )
  exit(@Body() body: contract.Exit, @Req() request: FastifyRequest): Promise<contract.Orders> {
    return this.orders.exit(askerOf(request), body);
  }

  @Get('positions/exit-analysis')
  @RouteConfig(
    routeOf(orderReaders, 'How positions would be left now', {
      query: accountBodySchema,
      answer: contract.exitAnalysesSchema,
    }),
  )
  exits(
    @Query() { account }: z.infer<typeof accountBodySchema>,
    @Req() request: FastifyRequest,
  ): contract.ExitAnalyses {
    return this.orders.exits(askerOf(request), account);
  }

  @Get('execution')
  @RouteConfig(
    routeOf(orderReaders, 'What it costs to trade a quantity now', {
      query: contract.executionQuerySchema,
      answer: contract.executionSchema,
    }),
  )
  execution(
    @Query() query: z.infer<typeof contract.executionQuerySchema>,
  ): contract.Execution {
    return this.orders.execution(query);
  }

  @Put('accounts/:id/live')
  @RouteConfig(
    routeOf(adminsConfirmed, 'Switch live orders of an account on or off', {
      params: contract.idParamsSchema,
      body: contract.liveSwitchSchema,
      answer: contract.tradingSchema,
    }),
  )
  setLive(
    @Param() { id }: contract.IdParams,
    @Body() { live }: z.infer<typeof contract.liveSwitchSchema>,
    @Req() request: FastifyRequest,
  ): Promise<contract.Trading> {
    return this.orders.setLive(askerOf(request), id, live);
  }

  @Post('kill-switch')
  @HttpCode(200)
  @RouteConfig(
    routeOf(traders, 'Stop all orders at once, and cancel what is open', {
      body: contract.killSchema,
      answer: contract.tradingSchema,
    }),
  )
  pull(@Body() body: contract.Kill, @Req() request: FastifyRequest): Promise<contract.Trading> {
    return this.orders.pullKill(askerOf(request), body);
  }

  @Delete('kill-switch')
  @HttpCode(200)
  @RouteConfig(
    routeOf(adminsConfirmed, 'Let orders pass again', { answer: contract.tradingSchema }),
  )
  release(@Req() request: FastifyRequest): Promise<contract.Trading> {
    return this.orders.releaseKill(askerOf(request));
  }
}
