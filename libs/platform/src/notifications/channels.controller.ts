import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  Param,
  Patch,
  Post,
  Req,
} from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import {
  channelChangeSchema,
  channelSchema,
  channelsSchema,
  deliveryReportSchema,
  idParamsSchema,
  newChannelSchema,
  type ChannelChange,
  type DeliveryReport,
  type IdParams,
  type NewChannel,
  type NotificationChannel,
  type NotificationChannels,
} from '@strikewire/contracts';
import type { FastifyRequest } from 'fastify';
import { actedBy } from '../activity/activity-recorder';
import { accessRules, routeOf } from '../http/route-contract';
import type { NotificationCentre } from './notification-centre';
import { NOTIFICATION_CENTRE } from './tokens';

const { adminPeople, adminsConfirmed } = accessRules;

/** The ways by which notifications leave the platform. Their secrets are never shown again. */
@Controller('api/notification-channels')
export class ChannelsController {
  private readonly centre: NotificationCentre;

  constructor(@Inject(NOTIFICATION_CENTRE) centre: NotificationCentre) {
    this.centre = centre;
  }

  @Get()
  @RouteConfig(
    routeOf(adminPeople, 'Where notifications go, without the secrets', {
      answer: channelsSchema,
    }),
  )
  async list(): Promise<NotificationChannels> {
    return { channels: await this.centre.channels.list() };
  }

  @Post()
  @RouteConfig(
    routeOf(adminsConfirmed, 'Add a channel', { body: newChannelSchema, answer: channelSchema }),
  )
  create(@Body() wanted: NewChannel, @Req() request: FastifyRequest): Promise<NotificationChannel> {
    return this.centre.channels.create(wanted, actedBy(request));
  }

  @Patch(':id')
  @RouteConfig(
    routeOf(adminsConfirmed, 'Change a channel; a secret of *** stays as it is', {
      params: idParamsSchema,
      body: channelChangeSchema,
      answer: channelSchema,
    }),
  )
  update(
    @Param() { id }: IdParams,
    @Body() change: ChannelChange,
    @Req() request: FastifyRequest,
  ): Promise<NotificationChannel> {
    return this.centre.channels.update(id, change, actedBy(request));
  }

  @Delete(':id')
  @HttpCode(204)
  @RouteConfig(routeOf(adminsConfirmed, 'Remove a channel', { params: idParamsSchema }))
  async remove(@Param() { id }: IdParams, @Req() request: FastifyRequest): Promise<void> {
    await this.centre.channels.remove(id, actedBy(request));
  }

  @Post(':id/test')
  @HttpCode(200)
  @RouteConfig(
    routeOf(adminsConfirmed, 'Send a test message to a channel now', {
      params: idParamsSchema,
      answer: deliveryReportSchema,
    }),
  )
  test(@Param() { id }: IdParams): Promise<DeliveryReport> {
    return this.centre.test(id);
  }
}
