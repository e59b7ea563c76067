import { Controller, Delete, Get, HttpCode, Inject, Param, Req } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import {
  idParamsSchema,
  sessionsSchema,
  type IdParams,
  type Sessions,
} from '@strikewire/contracts';
import { accessRules, actedBy, routeOf } from '@strikewire/platform';
import type { FastifyRequest } from 'fastify';
import type { Access } from './access';
import { personOf } from './request-facts';
import { ACCESS } from './tokens';


const { adminPeople } = accessRules;

/** Everybody's sessions, for admins. */
@Controller('api/sessions')
export class SessionsController {
  private readonly access: Access;

  constructor(@Inject(ACCESS) access: Access) {
    this.access = access;
  }

  @Get()
  @RouteConfig(routeOf(adminPeople, 'Everybody\'s sessions', { answer: sessionsSchema }))
  list(@Req() request: FastifyRequest): Sessions {
    return { sessions: this.access.sessions.list(personOf(request).sessionId) };
  }

  @Delete(':id')
  @HttpCode(204)
  @RouteConfig(routeOf(adminPeople, 'End anybody\'s session', { params: idParamsSchema }))
  async end(@Param() { id }: IdParams, @Req() request: FastifyRequest): Promise<void> {
    await this.access.sessions.end(id, actedBy(request));
  }
}
