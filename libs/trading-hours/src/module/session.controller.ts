import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import * as contract from '@strikewire/contracts';
import { accessRules, actedBy, routeOf } from '@strikewire/platform';
import type { FastifyRequest } from 'fastify';
import type { SessionDesk } from './session-desk';
import { HALT_DESK, SESSION_DESK } from './tokens';
import type { HaltDesk } from './trading-halts';

const { admins, chainReaders } = accessRules;

/** What follows from the hours, and halts: everybody reads them, admins halt and resume. */
@Controller('api/trading-hours')
export class SessionController {
  private readonly desk: SessionDesk;
  private readonly halts: HaltDesk;

  constructor(@Inject(SESSION_DESK) desk: SessionDesk, @Inject(HALT_DESK) halts: HaltDesk) {
    this.desk = desk;
    this.halts = halts;
  }

  @Get('schedule')
  @RouteConfig(
    routeOf(chainReaders, 'What the scheduler does next', {
      answer: contract.sessionScheduleSchema,
    }),
  )
  schedule(): contract.SessionSchedule {
    return this.desk.schedule();
  }

  @Get('runs')
  @RouteConfig(
    routeOf(chainReaders, 'What the scheduler has done', {
      query: contract.sessionRunsQuerySchema,
      answer: contract.sessionRunsSchema,
    }),
  )
  runs(@Query() query: contract.SessionRunsQuery): Promise<contract.SessionRuns> {
    return this.desk.runs(query);
  }

  @Get('halts')
  @RouteConfig(
    routeOf(chainReaders, 'Halts of trading, as they were told', {
      answer: contract.tradingHaltsSchema,
    }),
  )
  list(): contract.TradingHalts {
    return this.halts.list();
  }

  @Post('halts')
  @RouteConfig(
    routeOf(admins, 'Trading of a segment has stopped', {
      body: contract.newTradingHaltSchema,
      answer: contract.tradingHaltSchema,
    }),
  )
  halt(
    @Body() halt: contract.NewTradingHalt,
    @Req() request: FastifyRequest,
  ): Promise<contract.TradingHalt> {
    return this.halts.add(halt, actedBy(request));
  }

  @Post('halts/:id/end')
  @HttpCode(200)
  @RouteConfig(
    routeOf(admins, 'Trading goes on', {
      params: contract.idParamsSchema,
      answer: contract.tradingHaltSchema,
    }),
  )
  resume(
    @Param() { id }: contract.IdParams,
    @Req() request: FastifyRequest,
  ): Promise<contract.TradingHalt> {
    return this.halts.end(id, actedBy(request));
  }
}
