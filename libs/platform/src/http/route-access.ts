import { StrikewireError } from '@strikewire/runtime';
import type { FastifyInstance } from 'fastify';

/** Who may call a route. `public` needs no identity; each other level includes those before it. */
export const accessLevels = ['public', 'viewer', 'trader', 'admin'] as const;
/** One of the levels of access. */
export type Access = (typeof accessLevels)[number];

/** Declares a route's access, in its Fastify `config`. */
export interface RouteAccess {
  access: Access;
}

/** The level of whoever calls; until people can sign in, everybody is a viewer. */
export type CallerLevel = (request: { headers: Record<string, unknown> }) => Access;

/**
 * Guards every route, native ones and controllers alike: one that declares no access makes the
 * start fail, and a caller below a route's level is refused. Call before any route is added.
 * `plain`: addresses of files served by a plugin, which cannot carry a declaration.
 */
export function guardRoutes(
  server: FastifyInstance,
  callerLevel: CallerLevel,
  plain: Readonly<Record<string, Access>> = {},
): void {
  server.addHook('onRoute', (route) => {
    const declared = (route.config as Partial<RouteAccess> | undefined)?.access ?? plain[route.url];
    if (declared === undefined || !accessLevels.includes(declared)) {
      throw new Error(`route ${String(route.method)} ${route.url} declares no access`);
    }
    route.config = { ...route.config, access: declared } as NonNullable<typeof route.config>;
  });
  // With a callback: a promise for each request would cost more than the check.
  server.addHook('onRequest', (request, _reply, done) => {
    const needed = (request.routeOptions.config as Partial<RouteAccess>).access ?? 'public';
    const level = callerLevel(request);
    const isAllowed = accessLevels.indexOf(level) >= accessLevels.indexOf(needed);
    done(isAllowed ? undefined : accessDenied(needed, level));
  });
}

function accessDenied(needed: Access, level: Access): StrikewireError {
  return new StrikewireError({
    kind: 'forbidden',
    code: 'access_denied',
    message: `this needs the role ${needed}; you have ${level}`,
  });
}
