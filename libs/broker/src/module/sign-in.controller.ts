import { Controller, Get, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { idParamsSchema, type IdParams } from '@strikewire/contracts';
import { accessRules, actedBy, routeOf } from '@strikewire/platform';
import { StrikewireError } from '@strikewire/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { signInCallback, type SignInOutcome, type SignIns } from './sign-ins';
import { CONSOLE_ADDRESS, SIGN_INS } from './tokens';

const { adminsConfirmed, everybody } = accessRules;
const answerSchema = z.object({ url: z.string() });
/** Marks an answer that was sent once more by a page of ours. */
const againMark = 'again';
const accountsPage = '/accounts';

/** The console's address as people type it; undefined: the one that they use. */
export type ConsoleAddress = string | undefined;

/** Signing in at brokers' own pages. */
@Controller()
export class SignInController {
  private readonly signIns: SignIns;
  private readonly address: ConsoleAddress;

  constructor(
    @Inject(SIGN_INS) signIns: SignIns,
    @Inject(CONSOLE_ADDRESS) { address }: { address: ConsoleAddress },
  ) {
    this.signIns = signIns;
    this.address = address;
  }

  @Post('api/accounts/:id/sign-in')
  @HttpCode(200)
  @RouteConfig(
    routeOf(adminsConfirmed, 'Begin to sign in at the broker\'s own page', {
      params: idParamsSchema,
      answer: answerSchema,
    }),
  )
  begin(@Param() { id }: IdParams, @Req() request: FastifyRequest): { url: string } {
    const { caller, headers } = request;
    if (caller.kind !== 'person') {
      const message = 'a person has to sign in at the broker';
      throw new StrikewireError({ kind: 'forbidden', code: 'people_only', message });
    }
    return this.signIns.begin(id, caller, this.address ?? `http://${headers.host ?? 'localhost'}`);
  }

  /**
   * A browser that comes from the broker's page brings no session: no foreign page may send it. A
   * page of ours sends it here once more, with its session then; who it is decides what is done.
   */
  @Get(signInCallback)
  @RouteConfig(routeOf(everybody, 'Where brokers send people back to who have signed in there'))
  async complete(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const answer = new URLSearchParams(request.url.split('?')[1] ?? '');
    void reply.header('cache-control', 'no-store');
    if (request.caller.kind === 'nobody' && !answer.has(againMark)) {
      answer.set(againMark, '1');
      await reply.type('text/html; charset=utf-8').send(pageThatGoesTo(`?${answer.toString()}`));
      return;
    }
    const outcome = await this.signIns.complete(answer, actedBy(request));
    await reply.redirect(pageWith(outcome), 303);
  }
}

/** What happened is told in plain words by the page. */
function pageWith({ isDone, message }: SignInOutcome): string {
  const query = new URLSearchParams({ signIn: isDone ? 'done' : 'failed', message });
  return `${accountsPage}?${query.toString()}`;
}

/** Of a query only what `URLSearchParams` has encoded: no quote, no angle bracket. */
function pageThatGoesTo(query: string): string {
  const address = `${signInCallback}${query}`.replaceAll('&', '&amp;');
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Signing in</title>',
    `<meta http-equiv="refresh" content="0;url=${address}"></head>`,
    '<body><p>One moment: you are being signed in.</p></body></html>',
  ].join('');
}
