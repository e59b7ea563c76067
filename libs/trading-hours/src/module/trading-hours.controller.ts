import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  Param,
  Post,
  Put,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import * as contract from '@strikewire/contracts';
import { accessRules, actedBy, routeOf } from '@strikewire/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { TRADING_HOURS } from './tokens';
import type { TradingHours } from './trading-hours';

const { admins, chainReaders } = accessRules;
const { idParamsSchema, hoursTemplateSchema } = contract;

/** Trading hours: everybody reads them, admins change them. */
@Controller('api/trading-hours')
export class TradingHoursController {
  private readonly hours: TradingHours;

  constructor(@Inject(TRADING_HOURS) hours: TradingHours) {
    this.hours = hours;
  }

  @Get('status')
  @RouteConfig(
    routeOf(chainReaders, 'How each segment stands now', { answer: contract.hoursStatusSchema }),
  )
  status(): contract.HoursStatus {
    return this.hours.status();
  }

  @Get('templates')
  @RouteConfig(
    routeOf(chainReaders, 'Templates of trading hours', { answer: contract.hoursTemplatesSchema }),
  )
  list(): contract.HoursTemplates {
    return { templates: this.hours.list() };
  }

  @Get('templates/:id')
  @RouteConfig(
    routeOf(chainReaders, 'A template with what it holds', {
      params: idParamsSchema,
      answer: contract.hoursTemplateDetailSchema,
    }),
  )
  detail(@Param() { id }: contract.IdParams): Promise<contract.HoursTemplateDetail> {
    return this.hours.detail(id);
  }

  @Post('templates')
  @RouteConfig(
    routeOf(admins, 'Add a template, or import one', {
      body: contract.newHoursTemplateSchema,
      answer: hoursTemplateSchema,
    }),
  )
  add(
    @Body() template: contract.NewHoursTemplate,
    @Req() request: FastifyRequest,
  ): Promise<contract.HoursTemplate> {
    return this.hours.add(template, actedBy(request));
  }

  @Put('templates/:id')
  @RouteConfig(
    routeOf(admins, 'Replace what a template holds', {
      params: idParamsSchema,
      body: contract.hoursTemplateChangeSchema,
      answer: hoursTemplateSchema,
    }),
  )
  change(
    @Param() { id }: contract.IdParams,
    @Body() change: contract.HoursTemplateChange,
    @Req() request: FastifyRequest,
  ): Promise<contract.HoursTemplate> {
    return this.hours.change(id, change, actedBy(request));
  }

  @Post('templates/:id/duplicate')
  @RouteConfig(
    routeOf(admins, 'Copy a template under another name', {
      params: idParamsSchema,
      body: contract.duplicateTemplateSchema,
      answer: hoursTemplateSchema,
    }),
  )
  duplicate(
    @Param() { id }: contract.IdParams,
    @Body() { name }: contract.DuplicateTemplate,
    @Req() request: FastifyRequest,
  ): Promise<contract.HoursTemplate> {
    return this.hours.duplicate(id, name, actedBy(request));
  }

  @Delete('templates/:id')
  @HttpCode(204)
  @RouteConfig(
    routeOf(admins, 'Take a template away that does not count', { params: idParamsSchema }),
  )
  async remove(@Param() { id }: contract.IdParams, @Req() request: FastifyRequest): Promise<void> {
    await this.hours.remove(id, actedBy(request));
  }

  @Get('templates/:id/file')
  @RouteConfig(
    routeOf(chainReaders, 'A template as a file, or its dates', {
      params: idParamsSchema,
      query: contract.hoursFileQuerySchema,
    }),
  )
  file(
    @Param() { id }: contract.IdParams,
    @Query() query: contract.HoursFileQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): string {
    const { name, type, text } = this.hours.file(id, query);
    void reply.headers({
      'content-type': type,
      'content-disposition': `attachment; filename="${name}"`,
    });
    return text;
  }

  @Post('templates/:id/holidays')
  @HttpCode(200)
  @RouteConfig(
    routeOf(admins, 'Take the dates of a file, or look at what they would do', {
      params: idParamsSchema,
      body: contract.holidayFileSchema,
      answer: contract.holidayImportSchema,
    }),
  )
  importHolidays(
    @Param() { id }: contract.IdParams,
    @Body() file: contract.HolidayFile,
    @Req() request: FastifyRequest,
  ): Promise<contract.HolidayImport> {
    return this.hours.importHolidays(id, file, actedBy(request));
  }

  @Post('apply')
  @HttpCode(200)
  @RouteConfig(
    routeOf(admins, 'Make a template count at once', {
      body: contract.applyTemplateSchema,
      answer: contract.appliedTemplateSchema,
    }),
  )
  apply(
    @Body() { id }: contract.ApplyTemplate,
    @Req() request: FastifyRequest,
  ): Promise<contract.AppliedTemplate> {
    return this.hours.apply(id, actedBy(request));
  }

  @Post('preview')
  @HttpCode(200)
  @RouteConfig(
    routeOf(admins, 'What a template would do to the next days', {
      body: contract.previewTemplateSchema,
      answer: contract.templatePreviewSchema,
    }),
  )
  preview(@Body() wanted: contract.PreviewTemplate): contract.TemplatePreview {
    return this.hours.preview(wanted);
  }
}
