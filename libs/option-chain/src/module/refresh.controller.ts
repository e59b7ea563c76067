import { Body, Controller, Get, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import {
  refreshJobSchema,
  refreshJobsSchema,
  refreshRequestSchema,
  type RefreshJobs,
  type RefreshJobState,
  type RefreshRequest,
} from '@strikewire/contracts';
import { accessRules, actedBy, routeOf } from '@strikewire/platform';
import type { FastifyRequest } from 'fastify';
import type { RefreshDesk } from './refresh-desk';
import { REFRESH_DESK } from './tokens';

const { admins, chainReaders } = accessRules;

/** Refreshes by hand: admins begin them, whoever reads chains sees how far they are. */
@Controller('api/optionchain/refresh')
export class RefreshController {
  private readonly desk: RefreshDesk;

  constructor(@Inject(REFRESH_DESK) desk: RefreshDesk) {
    this.desk = desk;
  }

  @Get()
  @RouteConfig(
    routeOf(chainReaders, 'Refreshes that were asked for', { answer: refreshJobsSchema }),
  )
  list(): RefreshJobs {
    return { jobs: this.desk.jobs() };
  }

  @Post()
  @HttpCode(202)
  @RouteConfig(
    routeOf(admins, 'Ask for chains anew, and cut them around the price of now', {
      body: refreshRequestSchema,
      answer: refreshJobSchema,
    }),
  )
  start(@Body() wish: RefreshRequest, @Req() request: FastifyRequest): Promise<RefreshJobState> {
    return this.desk.start(wish, actedBy(request));
  }
}
