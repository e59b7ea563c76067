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
  Query,
  Req,
} from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import {
  accountChangeSchema,
  accountCheckSchema,
  accountSchema,
  accountsSchema,
  accountTrialSchema,
  idParamsSchema,
  newAccountSchema,
  type Account,
  type AccountChange,
  type AccountCheck,
  type Accounts as AccountList,
  type AccountTrial,
  type IdParams,
  type NewAccount,
} from '@strikewire/contracts';
import { accessRules, actedBy, routeOf } from '@strikewire/platform';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Accounts } from './accounts';
import { ACCOUNTS } from './tokens';

const { adminPeople, adminsConfirmed } = accessRules;
/** `force=true`: also when nobody is left then who carries the data. */
const leavingSchema = z.strictObject({ force: z.stringbool().default(false) });
type Leaving = z.infer<typeof leavingSchema>;

/** Accounts of brokers, for admins; their secrets go in and never come out. */
@Controller('api/accounts')
export class AccountsController {
  private readonly accounts: Accounts;

  constructor(@Inject(ACCOUNTS) accounts: Accounts) {
    this.accounts = accounts;
  }

  @Get()
  @RouteConfig(routeOf(adminPeople, 'Accounts of brokers', { answer: accountsSchema }))
  list(): AccountList {
    return { accounts: this.accounts.list() };
  }

  @Post()
  @RouteConfig(
    routeOf(adminsConfirmed, 'Add an account', { body: newAccountSchema, answer: accountSchema }),
  )
  add(@Body() account: NewAccount, @Req() request: FastifyRequest): Promise<Account> {
    return this.accounts.add(account, actedBy(request));
  }

  @Patch(':id')
  @RouteConfig(
    routeOf(adminsConfirmed, 'Change an account; credentials that are left out stay', {
      params: idParamsSchema,
      query: leavingSchema,
      body: accountChangeSchema,
      answer: accountSchema,
    }),
  )
  change(
    @Param() { id }: IdParams,
    @Query() { force: isForced }: Leaving,
    @Body() change: AccountChange,
    @Req() request: FastifyRequest,
  ): Promise<Account> {
    return this.accounts.change(id, change, actedBy(request), { isForced });
  }

  @Post(':id/primary')
  @HttpCode(200)
  @RouteConfig(
    routeOf(adminsConfirmed, 'Make an account the one whose data are used', {
      params: idParamsSchema,
      answer: accountsSchema,
    }),
  )
  async makePrimary(
    @Param() { id }: IdParams,
    @Req() request: FastifyRequest,
  ): Promise<AccountList> {
    return { accounts: await this.accounts.makePrimary(id, actedBy(request)) };
  }

  @Post(':id/test')
  @HttpCode(200)
  @RouteConfig(
    routeOf(adminPeople, 'Test an account\'s connection', {
      params: idParamsSchema,
      answer: accountCheckSchema,
    }),
  )
  test(@Param() { id }: IdParams): Promise<AccountCheck> {
    return this.accounts.test(id);
  }

  @Post('check')
  @HttpCode(200)
  @RouteConfig(
    routeOf(adminPeople, 'Test credentials before they are saved', {
      body: accountTrialSchema,
      answer: accountCheckSchema,
    }),
  )
  check(@Body() trial: AccountTrial): Promise<AccountCheck> {
    return this.accounts.try(trial);
  }

  @Delete(':id')
  @HttpCode(204)
  @RouteConfig(
    routeOf(adminsConfirmed, 'Take an account away, with its credentials', {
      params: idParamsSchema,
      query: leavingSchema,
    }),
  )
  async remove(
    @Param() { id }: IdParams,
    @Query() { force: isForced }: Leaving,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    await this.accounts.remove(id, actedBy(request), { isForced });
  }
}
