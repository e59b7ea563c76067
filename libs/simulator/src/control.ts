import {
  StrikewireError,
  errorCodeOf,
  errorKindOf,
  errorMessageOf,
  type ServedRequest,
  type ServedResponse,
} from '@strikewire/runtime';
import type { FaceAccounts } from './faces/face';
import type { Fault } from './faults/fault';
import type { FaultBook } from './faults/fault-book';
import type { OrderControl, OtherOrder } from './orders/order-control';
import { parseBody } from './parse-body';
import type { Truth } from './truth/truth';

/** What of a simulator its own routes need; reports go out as they come. */
export interface Controls {
  readonly truth: Truth;
  readonly orders: OrderControl;
  readonly faults: Pick<FaultBook, 'add' | 'clear' | 'list'>;
  /** Those of each face; of the first where none is named. */
  readonly accountsOf: Readonly<Record<string, FaceAccounts>>;
  violations(): object;
  status(): object;
  pause(isPaused: boolean): void;
}

/** The simulator's own routes, under `/_sim/`: what is true, what went wrong, what shall. */
export function controlRoute(simulator: Controls, request: ServedRequest): ServedResponse {
  try {
    return answer(200, routed(simulator, request));
  } catch (error) {
    const status = { invalid: 400, not_found: 404 }[errorKindOf(error) as string] ?? 500;
    return answer(status, { error: { code: errorCodeOf(error), message: errorMessageOf(error) } });
  }
}

function routed(simulator: Controls, request: ServedRequest): unknown {
  const { method, path, query, body } = request;
  const { truth, faults } = simulator;
  const [, contractSegment, contractId] =
    /^\/_sim\/truth\/contract\/(\w+)\/(\d+)$/.exec(path) ?? [];
  if (contractSegment && contractId) {
    return found(truth.contract(contractSegment, Number(contractId)), `no contract at ${path}`);
  }
  if (/^\/_sim\/(?:orders|funds)/.test(path)) return orderRoute(simulator, request);
  switch (`${method} ${path}`) {
    case 'GET /_sim/truth/chain':
      return chainOf(simulator, query);
    case 'GET /_sim/truth/underlyings':
      return truth.underlyings();
    case 'GET /_sim/violations':
      return simulator.violations();
    case 'GET /_sim/status':
      return simulator.status();
    case 'GET /_sim/accounts':
      return accountsOf(simulator, query.get('broker')).list();
    case 'POST /_sim/accounts/renew':
      return renewed(simulator, body);
    case 'GET /_sim/faults':
      return faults.list();
    case 'POST /_sim/faults':
      return { id: faults.add(parseBody(body) as unknown as Fault) };
    case 'DELETE /_sim/faults':
      faults.clear();
      return { cleared: true };
    case 'POST /_sim/pause':
      return pause(simulator, body);
    default:
      throw noRoute(request);
  }
}

function noRoute({ method, path }: ServedRequest): StrikewireError {
  const message = `${method} ${path} is no route of the simulator`;
  return new StrikewireError({ kind: 'not_found', code: 'route_not_found', message });
}

/** What fields are wrong is said by whoever needs them. */
function orderRoute({ orders }: Controls, request: ServedRequest): unknown {
  const { method, path, query, body } = request;
  const given = (parseBody(body) ?? {}) as unknown as OtherOrder & {
    orderId: string; rupees: number;
  };
  switch (`${method} ${path}`) {
    case 'GET /_sim/orders': {
      const broker = query.get('broker');
      return orders.truth({ account: query.get('account') ?? '', ...(broker && { broker }) });
    }
    case 'POST /_sim/orders':
      return orders.place(given);
    case 'POST /_sim/orders/cancel':
      orders.cancel(given);
      return { cancelled: true };
    case 'POST /_sim/funds':
      orders.setFunds(given);
      return { rupees: given.rupees };
    default:
      throw noRoute(request);
  }
}

function chainOf({ truth }: Controls, query: URLSearchParams): unknown {
  const [underlying, expiry] = [query.get('underlying') ?? '', query.get('expiry') ?? ''];
  return found(truth.chain(underlying, expiry), `no chain of "${underlying}" for "${expiry}"`);
}

function accountsOf({ accountsOf: faces }: Controls, broker: unknown): FaceAccounts {
  const name = broker ?? Object.keys(faces)[0];
  const isFace = typeof name === 'string' && Object.hasOwn(faces, name);
  return found(isFace ? faces[name] : undefined, `no face of ${JSON.stringify(broker)}`);
}

/** What an account's owner does every morning: a new token, after which the old one is dead. */
function renewed(simulator: Controls, body: Uint8Array): unknown {
  const { clientId, broker } = parseBody(body) ?? {};
  const accounts = accountsOf(simulator, broker);
  const account = typeof clientId === 'string' ? accounts.renew(clientId) : undefined;
  return found(account, `clientId was ${JSON.stringify(clientId)}, needs to be an account's`);
}

function pause(simulator: Controls, body: Uint8Array): unknown {
  const paused = parseBody(body)?.['paused'];
  if (typeof paused !== 'boolean') {
    throw new StrikewireError({
      kind: 'invalid',
      code: 'paused_invalid',
      message: `paused was ${JSON.stringify(paused)}, needs to be true or false`,
    });
  }
  simulator.pause(paused);
  return { paused };
}

function found<T>(value: T | undefined, message: string): T {
  if (value !== undefined) return value;
  throw new StrikewireError({ kind: 'not_found', code: 'not_listed', message });
}

function answer(status: number, value: unknown): ServedResponse {
  const headers = { 'content-type': 'application/json' };
  return { status, headers, body: JSON.stringify(value) };
}
