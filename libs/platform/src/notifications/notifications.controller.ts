import { Body, Controller, Get, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import {
  notificationsReadSchema,
  notificationsSchema,
  type Notifications,
  type NotificationsRead,
} from '@strikewire/contracts';
import type { FastifyRequest } from 'fastify';
import { accessRules, routeOf } from '../http/route-contract';
import type { NotificationCentre } from './notification-centre';
import { NOTIFICATION_CENTRE } from './tokens';

const { people } = accessRules;

/** What people are told. */
@Controller('api/notifications')
export class NotificationsController {
  private readonly centre: NotificationCentre;

  constructor(@Inject(NOTIFICATION_CENTRE) centre: NotificationCentre) {
    this.centre = centre;
  }

  @Get()
  @RouteConfig(routeOf(people, 'The latest notifications', { answer: notificationsSchema }))
  list(@Req() request: FastifyRequest): Promise<Notifications> {
    return this.centre.inbox.list(userIdOf(request));
  }

  @Post('read')
  @HttpCode(204)
  @RouteConfig(
    routeOf(people, 'Notifications up to this one were seen', { body: notificationsReadSchema }),
  )
  async read(@Body() { upTo }: NotificationsRead, @Req() request: FastifyRequest): Promise<void> {
    await this.centre.inbox.markRead(userIdOf(request), upTo);
  }
}

function userIdOf({ caller }: FastifyRequest): string {
  if (caller.kind === 'person') return caller.userId;
  throw new Error('[platform] a route that needs a person is not declared so');
}
