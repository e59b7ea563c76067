import { callerAddress, type Person } from '@strikewire/platform';
import type { FastifyRequest } from 'fastify';
import type { SignInPlace } from './sessions';

/** The person behind a request, on a route that is for people only. */
export function personOf({ caller }: FastifyRequest): Person {
  if (caller.kind === 'person') return caller;
  throw new Error('[access] a route that needs a person is not declared so');
}

/** Where a request comes from. */
export function placeOf(request: FastifyRequest): SignInPlace {
  const { 'user-agent': agent = '' } = request.headers;
  return { address: callerAddress(request), agent: printable(agent) };
}

function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?');
}
