import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  Param,
  Post,
  Req,
  Res,
} from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import {
  changePasswordSchema,
  idParamsSchema,
  meSchema,
  sessionsSchema,
  signInSchema,
  stepUpSchema,
  type ChangePassword,
  type IdParams,
  type Me,
  type Sessions,
  type SignIn,
  type StepUp,
} from '@strikewire/contracts';
import { accessRules, actedBy, routeOf } from '@strikewire/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Access } from './access';
import { personOf, placeOf } from './request-facts';
import type { SignedIn } from './sign-in';
import { ACCESS } from './tokens';

const { everybody, oneself } = accessRules;

/** Signing in and out, and what people do about themselves. */
@Controller('api/auth')
export class AuthController {
  private readonly access: Access;

  constructor(@Inject(ACCESS) access: Access) {
    this.access = access;
  }

  @Post('sign-in')
  @HttpCode(200)
  @RouteConfig(routeOf(everybody, 'Sign in', { body: signInSchema, answer: meSchema }))
  async signIn(
    @Body() tried: SignIn,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Me> {
    const place = placeOf(request);
    return this.welcome(await this.access.signIn.signIn(tried, actedBy(request), place), reply);
  }

  @Post('sign-out')
  @HttpCode(204)
  @RouteConfig(routeOf(oneself, 'Sign out'))
  async signOut(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const { sessionId, userId } = personOf(request);
    await this.access.sessions.end(sessionId, actedBy(request), userId);
    void reply.header('set-cookie', this.access.cookie.clear());
  }

  @Get('me')
  @RouteConfig(routeOf(oneself, 'Who is signed in', { answer: meSchema }))
  me(@Req() request: FastifyRequest): Me {
    return this.access.sessions.me(personOf(request).sessionId);
  }

  @Post('step-up')
  @HttpCode(200)
  @RouteConfig(
    routeOf(oneself, 'Confirm the password before a dangerous act', {
      body: stepUpSchema,
      answer: meSchema,
    }),
  )
  stepUp(@Body() { password }: StepUp, @Req() request: FastifyRequest): Promise<Me> {
    return this.access.signIn.stepUp(personOf(request), password, actedBy(request));
  }

  @Post('password')
  @HttpCode(200)
  @RouteConfig(
    routeOf(oneself, 'Replace one\'s own password; ends all other sessions', {
      body: changePasswordSchema,
      answer: meSchema,
    }),
  )
  async changePassword(
    @Body() change: ChangePassword,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Me> {
    const { signIn } = this.access;
    const person = personOf(request);
    const by = actedBy(request);
    return this.welcome(await signIn.changePassword(person, change, by, placeOf(request)), reply);
  }

  @Get('sessions')
  @RouteConfig(routeOf(oneself, 'One\'s own sessions', { answer: sessionsSchema }))
  sessions(@Req() request: FastifyRequest): Sessions {
    const { sessionId, userId } = personOf(request);
    return { sessions: this.access.sessions.list(sessionId, userId) };
  }

  @Delete('sessions/:id')
  @HttpCode(204)
  @RouteConfig(routeOf(oneself, 'End one of one\'s own sessions', { params: idParamsSchema }))
  async endSession(@Param() { id }: IdParams, @Req() request: FastifyRequest): Promise<void> {
    await this.access.sessions.end(id, actedBy(request), personOf(request).userId);
  }

  @Post('sessions/end-others')
  @HttpCode(204)
  @RouteConfig(routeOf(oneself, 'End all of one\'s own sessions but this one'))
  async endOthers(@Req() request: FastifyRequest): Promise<void> {
    await this.access.sessions.endOthers(personOf(request), actedBy(request));
  }

  private welcome({ token, me }: SignedIn, reply: FastifyReply): Me {
    const maxAgeS = Math.round(this.access.limits.absoluteMs / 1_000);
    void reply.header('set-cookie', this.access.cookie.set(token, maxAgeS));
    return me;
  }
}
