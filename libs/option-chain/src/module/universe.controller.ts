import { Body, Controller, Get, HttpCode, Inject, Post, Put, Req } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import {
  universeChangeSchema,
  universePreviewSchema,
  universeSchema,
  type Universe,
  type UniverseChange,
  type UniversePreview,
} from '@strikewire/contracts';
import { accessRules, actedBy, routeOf } from '@strikewire/platform';
import type { FastifyRequest } from 'fastify';
import type { UniverseReport } from '../engine/universe-report';
import { UNIVERSE_REPORT, UNIVERSE_RULES } from './tokens';
import type { UniverseRules } from './universe-rules';

const { admins, chainReaders } = accessRules;

/** What is to be served, as rules: everybody reads them, admins change them. */
@Controller('api/universe')
export class UniverseController {
  private readonly rules: UniverseRules;
  private readonly report: UniverseReport;

  constructor(
    @Inject(UNIVERSE_RULES) rules: UniverseRules,
    @Inject(UNIVERSE_REPORT) report: UniverseReport,
  ) {
    this.rules = rules;
    this.report = report;
  }

  @Get()
  @RouteConfig(routeOf(chainReaders, 'What is to be served', { answer: universeSchema }))
  read(): Universe {
    return {
      ...this.rules.revision(),
      rules: [...this.rules.rules()],
      defaults: [...this.rules.defaults],
      listed: this.report.listed(),
      applied: this.report.isApplied(),
    };
  }

  @Put()
  @RouteConfig(
    routeOf(admins, 'Replace the rules; they count from the next build on', {
      body: universeChangeSchema,
      answer: universeSchema,
    }),
  )
  async change(@Body() change: UniverseChange, @Req() request: FastifyRequest): Promise<Universe> {
    await this.rules.change(change, actedBy(request));
    return this.read();
  }

  @Post('preview')
  @HttpCode(200)
  @RouteConfig(
    routeOf(admins, 'What rules would cost, before they are saved', {
      body: universeChangeSchema,
      answer: universePreviewSchema,
    }),
  )
  preview(@Body() { rules }: UniverseChange): UniversePreview {
    return this.report.preview(rules);
  }
}
