import { Controller, Get, HttpCode, Inject, Post, Query, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import {
  activityExportQuerySchema,
  activityPageSchema,
  activityQuerySchema,
  activityReportSchema,
  type ActivityExportQuery,
  type ActivityPage,
  type ActivityQuery,
  type ActivityReport,
} from '@strikewire/contracts';
import { accessRules, actedBy, routeOf } from '@strikewire/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import type { Access } from './access';
import { activityFile } from './activity-file';
import { ACCESS } from './tokens';


const { adminPeople } = accessRules;

/** The activity log: looked through, taken along as a file, and checked. */
@Controller('api/activity')
export class ActivityController {
  private readonly access: Access;

  constructor(@Inject(ACCESS) access: Access) {
    this.access = access;
  }

  @Get()
  @RouteConfig(
    routeOf(adminPeople, 'The activity log, newest first', {
      query: activityQuerySchema,
      answer: activityPageSchema,
    }),
  )
  page(@Query() query: ActivityQuery): Promise<ActivityPage> {
    return this.access.activity.page(query);
  }

  @Get('export')
  @RouteConfig(
    routeOf(adminPeople, 'The activity log as a file, oldest first', {
      query: activityExportQuerySchema,
    }),
  )
  async export(
    @Query() { format, ...filters }: ActivityExportQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    const { activity } = this.access;
    await activity.note(actedBy(request), 'activity.exported', { format, ...filters });
    const { mediaType, lines } = activityFile(format, activity.all(filters));
    void reply.headers({
      'content-type': mediaType,
      'content-disposition': `attachment; filename="activity.${format}"`,
    });
    return Readable.from(lines);
  }

  @Post('verify')
  @HttpCode(200)
  @RouteConfig(
    routeOf(adminPeople, 'Check that the activity log is as it was written', {
      answer: activityReportSchema,
    }),
  )
  verify(): Promise<ActivityReport> {
    return this.access.activity.verify();
  }
}
