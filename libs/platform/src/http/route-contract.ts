import type { KeyScope, Role } from '@strikewire/contracts';
import type { z } from 'zod';

/** Who may call. `public` needs no identity; each role includes those before it. */
export const accessLevels = ['public', 'viewer', 'trader', 'admin'] as const;
/** One of the levels of access. */
export type Access = 'public' | Role;

/** What is asked of whoever calls a route or sends a socket message. */
export interface AccessRule {
  readonly access: Access;
  /** What an API key needs; null: keys are refused, people only. */
  readonly scope: KeyScope | null;
  /** A dangerous act: the person has to have given the password within the last minutes. */
  readonly stepUp?: true;
  /** Also for people whose made-up password is still to be replaced. */
  readonly beforePasswordChange?: true;
}

/**
 * The one declaration of a route, in its Fastify `config`: who may call it, what it takes and what
 * it answers. Requests are checked and turned into the schemas' output before the handler sees
 * them, and the API's description is made of the same.
 */
export interface RouteContract extends AccessRule {
  /** One line for the API's description. */
  readonly summary: string;
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  /** Left out when it is not JSON, or nothing. */
  readonly answer?: z.ZodType;
}

/** The usual rules, by who they are for. */
export const accessRules = {
  everybody: { access: 'public', scope: null },
  /** Whoever reads chains: any person, keys with that scope. */
  chainReaders: { access: 'viewer', scope: 'chains:read' },
  metricsReaders: { access: 'viewer', scope: 'metrics:read' },
  /** Any person, about himself. */
  oneself: { access: 'viewer', scope: null, beforePasswordChange: true },
  people: { access: 'viewer', scope: null },
  /** Any person, just confirmed by the password. */
  peopleConfirmed: { access: 'viewer', scope: null, stepUp: true },
  /** Whoever places orders. */
  traders: { access: 'trader', scope: 'trade' },
  /** Whoever reads what was ordered, and what it needs. */
  orderReaders: { access: 'trader', scope: 'orders:read' },
  admins: { access: 'admin', scope: 'admin' },
  /** Admins themselves: what is not for programs to know. */
  adminPeople: { access: 'admin', scope: null },
  /** Admins themselves, just confirmed by the password: keys cannot be. */
  adminsConfirmed: { access: 'admin', scope: null, stepUp: true },
} as const satisfies Record<string, AccessRule>;

/** A route's declaration: who may call it, what it does, what it takes and answers. */
export function routeOf(
  rule: AccessRule,
  summary: string,
  schemas: Pick<RouteContract, 'params' | 'query' | 'body' | 'answer'> = {},
): RouteContract {
  return { ...rule, summary, ...schemas };
}
