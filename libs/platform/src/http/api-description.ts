import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance, FastifySchema } from 'fastify';
import { z } from 'zod';
import type { RouteContract } from './route-contract';

/** Where the description is read, and under it the document itself: `/api/docs/json`. */
export const docsPath = '/api/docs';

/**
 * Describes every route at `/api/docs`, from the same declarations that guard and check them.
 * Register before any route.
 */
export async function describeRoutes(
  server: FastifyInstance,
  { version }: { version: string },
): Promise<void> {
  await server.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Strikewire',
        description: 'Option chains of Indian exchanges, live, and what is needed to run them.',
        version,
      },
      components: {
        securitySchemes: {
          key: { type: 'http', scheme: 'bearer', description: 'An API key with the scope' },
          session: { type: 'apiKey', in: 'cookie', name: 'strikewire' },
        },
      },
    },
    transform: ({ url, route }) => {
      const contract = route.config as unknown as RouteContract | undefined;
      const isOurs = /^\/(api|health|metrics)(\/|$)/.test(url) && !url.startsWith(docsPath);
      if (!isOurs || contract?.summary === undefined) return { schema: { hide: true }, url };
      return { schema: schemaOf(contract, url), url };
    },
  });
  await server.register(swaggerUi, { routePrefix: docsPath, uiConfig: { deepLinking: true } });
}

function schemaOf(contract: RouteContract, url: string): FastifySchema {
  const { summary, access, scope, stepUp, params, query, body, answer } = contract;
  const keys = scope === null ? [] : [{ key: [scope] }];
  return {
    summary,
    description: whoMay(contract),
    tags: [url.split('/')[2] ?? 'platform'],
    ...(access === 'public' ? {} : { security: [...keys, { session: [] }] }),
    ...(params && { params: shapeOf(params, 'input') }),
    ...(query && { querystring: shapeOf(query, 'input') }),
    ...(body && { body: shapeOf(body, 'input') }),
    response: {
      ...(answer && { 200: { description: 'As asked', ...shapeOf(answer, 'output') } }),
      ...(stepUp && { 403: { description: 'step_up_needed: confirm the password first' } }),
    },
  } as FastifySchema;
}

function whoMay({ access, scope, stepUp }: RouteContract): string {
  if (access === 'public') return 'Needs no identity.';
  const keys = scope === null ? 'API keys are refused.' : `API keys need the scope \`${scope}\`.`;
  const confirmed = stepUp ? ' The password must have been given within the last minutes.' : '';
  return `Needs the role ${access} or one above it. ${keys}${confirmed}`;
}

function shapeOf(schema: z.ZodType, io: 'input' | 'output'): object {
  const shape = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  // The document names the dialect once, for all of them.
  delete shape.$schema;
  return shape;
}
