import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  Param,
  Post,
  Query,
  Req,
} from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import {
  apiKeysQuerySchema,
  apiKeysSchema,
  apiKeyWithSecretSchema,
  idParamsSchema,
  newApiKeySchema,
  type ApiKeys,
  type ApiKeysQuery,
  type ApiKeyWithSecret,
  type IdParams,
  type NewApiKey,
} from '@strikewire/contracts';
import { accessRules, actedBy, routeOf } from '@strikewire/platform';
import { StrikewireError } from '@strikewire/runtime';
import type { FastifyRequest } from 'fastify';
import type { Access } from './access';
import { personOf } from './request-facts';
import { ACCESS } from './tokens';

const { people, peopleConfirmed } = accessRules;

/** One's own API keys; an admin sees and revokes everybody's. */
@Controller('api/keys')
export class KeysController {
  private readonly access: Access;

  constructor(@Inject(ACCESS) access: Access) {
    this.access = access;
  }

  @Get()
  @RouteConfig(
    routeOf(people, 'API keys: one\'s own, or for admins everybody\'s', {
      query: apiKeysQuerySchema,
      answer: apiKeysSchema,
    }),
  )
  list(@Query() { all }: ApiKeysQuery, @Req() request: FastifyRequest): ApiKeys {
    const { role, userId } = personOf(request);
    if (all && role !== 'admin') {
      const message = `all: everybody's keys need the role admin; you have ${role}`;
      throw new StrikewireError({ kind: 'forbidden', code: 'access_denied', message });
    }
    return { keys: this.access.keys.list(all ? undefined : userId) };
  }

  @Post()
  @RouteConfig(
    routeOf(peopleConfirmed, 'Make an API key; the answer shows its secret, once', {
      body: newApiKeySchema,
      answer: apiKeyWithSecretSchema,
    }),
  )
  create(@Body() wanted: NewApiKey, @Req() request: FastifyRequest): Promise<ApiKeyWithSecret> {
    return this.access.keys.create(wanted, personOf(request), actedBy(request));
  }

  @Delete(':id')
  @HttpCode(204)
  @RouteConfig(routeOf(people, 'Revoke an API key at once', { params: idParamsSchema }))
  async revoke(@Param() { id }: IdParams, @Req() request: FastifyRequest): Promise<void> {
    const { role, userId } = personOf(request);
    const owner = role === 'admin' ? undefined : userId;
    await this.access.keys.revoke(id, actedBy(request), owner);
  }
}
