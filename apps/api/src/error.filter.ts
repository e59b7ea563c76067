import { Catch, NotFoundException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { errorAnswer } from '@strikewire/platform';
import type { Log } from '@strikewire/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sendPage } from './console-files';

/** Whatever a controller or the server itself throws, in the one error body. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  private readonly log: Log;
  private readonly hasConsole: boolean;

  constructor(log: Log, hasConsole: boolean) {
    this.log = log;
    this.hasConsole = hasConsole;
  }

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    if (this.hasConsole && thrown instanceof NotFoundException && sendPage(request, reply)) return;
    sendError(thrown, request, reply, this.log);
  }
}

/** The same for native routes, which Nest does not see. */
export function sendError(
  thrown: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  log: Log,
): void {
  const { status, headers, body } = errorAnswer(thrown, request.id, log);
  void reply.code(status).headers(headers).send(body);
}
