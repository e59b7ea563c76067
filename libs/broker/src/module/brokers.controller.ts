import { Controller, Get, Inject } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { brokersSchema, type Brokers } from '@strikewire/contracts';
import { accessRules, routeOf } from '@strikewire/platform';
import type { Accounts } from './accounts';
import { ACCOUNTS } from './tokens';

/** The brokers that accounts can be of. */
@Controller('api/brokers')
export class BrokersController {
  private readonly accounts: Accounts;

  constructor(@Inject(ACCOUNTS) accounts: Accounts) {
    this.accounts = accounts;
  }

  @Get()
  @RouteConfig(
    routeOf(accessRules.adminPeople, 'Brokers, with the fields of their accounts', {
      answer: brokersSchema,
    }),
  )
  list(): Brokers {
    const brokers = this.accounts.brokers().map(({ plugin, fields }) => ({
      id: plugin.id,
      label: plugin.label,
      exchanges: [...plugin.capabilities.exchanges],
      fields: [...fields],
      browserSignIn: plugin.capabilities.browserSignIn === true,
    }));
    return { brokers };
  }
}
