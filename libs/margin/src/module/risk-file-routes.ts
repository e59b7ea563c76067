import type { Readable } from 'node:stream';
import {
  riskFileQuerySchema,
  riskFilesSchema,
  type RiskFileQuery,
} from '@strikewire/contracts';
import { accessRules, actedBy, routeOf } from '@strikewire/platform';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { RiskFileShelf } from './risk-file-shelf';

const config = routeOf(accessRules.admins, 'Take a risk file: XML, or that in gzip', {
  query: riskFileQuerySchema,
  answer: riskFilesSchema,
});

/** Nobody's form can send these. */
const types = ['application/xml', 'application/gzip', 'application/octet-stream'];

/**
 * `POST /api/margin/risk-files`, on the server itself: the body is a stream, of which nothing is
 * held but what is wanted. Other routes go on taking JSON alone, so this one has a scope of its
 * own. `errorHandler` answers what is thrown: Nest's filters do not see native routes.
 */
export function addRiskFileRoute(
  server: FastifyInstance,
  files: RiskFileShelf,
  errorHandler: (thrown: unknown, request: FastifyRequest, reply: FastifyReply) => void,
): void {
  void server.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(types, (_request, body, parsed) => parsed(null, body));
    const options = { config: config as never, errorHandler };
    scope.post('/api/margin/risk-files', options, async (request) => {
      const { exchange } = request.query as RiskFileQuery;
      return files.import(exchange, bodyOf(request), actedBy(request));
    });
    done();
  });
}

/** A request without a body has none that was parsed. */
function bodyOf(request: FastifyRequest): Readable {
  return (request.body as Readable | null | undefined) ?? request.raw;
}
