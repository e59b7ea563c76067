import { Body, Controller, Get, HttpCode, Inject, Param, Patch, Post, Req } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import {
  idParamsSchema,
  newUserSchema,
  userChangeSchema,
  userSchema,
  usersSchema,
  userWithPasswordSchema,
  type IdParams,
  type NewUser,
  type User,
  type UserChange,
  type Users,
  type UserWithPassword,
} from '@strikewire/contracts';
import { accessRules, actedBy, routeOf } from '@strikewire/platform';
import type { FastifyRequest } from 'fastify';
import type { Access } from './access';
import { userOf } from './directory';
import { resetPassword } from './reset-password';
import { ACCESS } from './tokens';

const { adminPeople, adminsConfirmed } = accessRules;

/** Everybody who may sign in, for admins. Nobody is deleted: what they did names them. */
@Controller('api/users')
export class UsersController {
  private readonly access: Access;

  constructor(@Inject(ACCESS) access: Access) {
    this.access = access;
  }

  @Get()
  @RouteConfig(routeOf(adminPeople, 'Everybody who may sign in', { answer: usersSchema }))
  list(): Users {
    return { users: this.access.directory.list() };
  }

  @Post()
  @RouteConfig(
    routeOf(adminsConfirmed, 'Add a user; the answer shows a made-up password, once', {
      body: newUserSchema,
      answer: userWithPasswordSchema,
    }),
  )
  add(@Body() user: NewUser, @Req() request: FastifyRequest): Promise<UserWithPassword> {
    return this.access.directory.add(user, actedBy(request));
  }

  @Patch(':id')
  @RouteConfig(
    routeOf(adminsConfirmed, 'Change a user; a disabled one is signed out at once', {
      params: idParamsSchema,
      body: userChangeSchema,
      answer: userSchema,
    }),
  )
  async change(
    @Param() { id }: IdParams,
    @Body() change: UserChange,
    @Req() request: FastifyRequest,
  ): Promise<User> {
    const { directory, sessions, keys } = this.access;
    let drop = (): void => undefined;
    const user = await directory.change(id, change, actedBy(request), async (manager) => {
      drop = await sessions.endAll(manager, id);
    });
    drop();
    keys.dropOver();
    return user;
  }

  @Post(':id/reset-password')
  @HttpCode(200)
  @RouteConfig(
    routeOf(adminsConfirmed, 'Give a user a made-up password; ends his sessions and keys', {
      params: idParamsSchema,
      answer: userWithPasswordSchema,
    }),
  )
  async resetPassword(
    @Param() { id }: IdParams,
    @Req() request: FastifyRequest,
  ): Promise<UserWithPassword> {
    const { directory } = this.access;
    const person = directory.byId(id);
    const password = directory.madeUpPassword();
    await resetPassword(this.access, person, password, actedBy(request));
    return { user: userOf(person), password };
  }
}
