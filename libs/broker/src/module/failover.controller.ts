import { Body, Controller, Get, HttpCode, Inject, Post, Put, Query, Req } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import {
  failoverDrainSchema,
  failoverForceSchema,
  failoverHistorySchema,
  failoverOrderSchema,
  failoverSchema,
  readinessSchema,
  type Failover,
  type FailoverHistory,
  type Readiness,
} from '@strikewire/contracts';
import { accessRules, actedBy, routeOf } from '@strikewire/platform';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { FailoverDesk } from './failover-desk';
import { FAILOVER_DESK } from './tokens';

const { admins, chainReaders } = accessRules;
const historyQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

/** Who carries the data, and what people wish of that. */
@Controller('api/failover')
export class FailoverController {
  private readonly desk: FailoverDesk;

  constructor(@Inject(FAILOVER_DESK) desk: FailoverDesk) {
    this.desk = desk;
  }

  @Get()
  @RouteConfig(routeOf(chainReaders, 'Who carries the data, and who could', {
    answer: failoverSchema,
  }))
  read(): Failover {
    return this.desk.read();
  }

  @Put('order')
  @RouteConfig(routeOf(admins, 'Order the accounts; an empty list: by broker and score', {
    body: failoverOrderSchema,
    answer: failoverSchema,
  }))
  order(
    @Body() { accounts }: z.infer<typeof failoverOrderSchema>,
    @Req() request: FastifyRequest,
  ): Promise<Failover> {
    return this.desk.reorder(accounts, actedBy(request));
  }

  @Post('force')
  @HttpCode(200)
  @RouteConfig(routeOf(admins, 'Put an account first, whatever the order; null: as ordered', {
    body: failoverForceSchema,
    answer: failoverSchema,
  }))
  force(
    @Body() { account }: z.infer<typeof failoverForceSchema>,
    @Req() request: FastifyRequest,
  ): Promise<Failover> {
    return this.desk.force(account, actedBy(request));
  }

  @Post('drain')
  @HttpCode(200)
  @RouteConfig(routeOf(admins, 'Take an account out of service, or put it back', {
    body: failoverDrainSchema,
    answer: failoverSchema,
  }))
  drain(
    @Body() { account, drained }: z.infer<typeof failoverDrainSchema>,
    @Req() request: FastifyRequest,
  ): Promise<Failover> {
    return this.desk.drain(account, drained, actedBy(request));
  }

  @Get('history')
  @RouteConfig(routeOf(chainReaders, 'What has changed hands, newest first', {
    query: historyQuerySchema,
    answer: failoverHistorySchema,
  }))
  history(@Query() { limit }: z.infer<typeof historyQuerySchema>): Promise<FailoverHistory> {
    return this.desk.history(limit);
  }

  @Get('readiness')
  @RouteConfig(routeOf(chainReaders, 'Whether everything is ready for the next open', {
    answer: readinessSchema,
  }))
  readiness(): Readiness {
    return this.desk.readiness();
  }
}
