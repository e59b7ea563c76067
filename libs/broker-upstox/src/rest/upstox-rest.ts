import type { BrokerDeps, BudgetSlot } from '@strikewire/broker';
import { StrikewireError } from '@strikewire/runtime';
import { ordersRootOf, type UpstoxConfig } from '../config';
import { errorInAnswer } from './error-mapping';

/** A whole chain is about 150 kB; contracts of an underlying are 2 MB: some times that. */
const answerBytesMax = 8 * 1024 * 1024;
const answerTimeoutMs = 10_000;
/** The gateway refuses clients that do not name themselves. */
export const userAgent = 'strikewire';

/** A question, below the REST root. */
export interface UpstoxCall {
  path: string;
  query?: Readonly<Record<string, string>>;
  slot: BudgetSlot;
}

/** A request that may have a body, or go to the host of orders. */
export interface UpstoxRequest extends UpstoxCall {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  host?: 'rest' | 'orders';
  json?: object;
  /** Called when its turn has come, right before it is sent; what it throws keeps it here. */
  leaving?(): void;
}

/** An answer with the time at which its request left. */
export interface UpstoxAnswer {
  body: unknown;
  sentMonoMs: number;
}

/** Upstox's REST API: one call, within the budget, with a typed error for every envelope. */
export class UpstoxRest {
  private readonly config: UpstoxConfig;
  private readonly deps: BrokerDeps;

  constructor(config: UpstoxConfig, deps: BrokerDeps) {
    this.config = config;
    this.deps = deps;
  }

  /** @throws StrikewireError of the kind that the answer means; `retryable` without an answer. */
  get(call: UpstoxCall): Promise<UpstoxAnswer> {
    return this.ask({ ...call, method: 'GET' });
  }

  /** As `get`, of whatever method. */
  async ask(request: UpstoxRequest): Promise<UpstoxAnswer> {
    const { method, path, query, json, slot, host, leaving } = request;
    const { credentials: { accessToken }, endpoints } = this.config;
    if (accessToken === undefined) throw notSignedIn();
    // A space is `%20`: keys of indices have spaces in them.
    const encoded = new URLSearchParams(query ?? {}).toString().replaceAll('+', '%20');
    const search = query ? `?${encoded}` : '';
    const url = `${host === 'orders' ? ordersRootOf(endpoints) : endpoints.rest}${path}${search}`;
    const headers = {
      authorization: `Bearer ${accessToken}`,
      ...(json && { 'content-type': 'application/json' }),
    };
    return this.deps.gate.run(slot, async () => {
      leaving?.();
      return this.send({ method, url, headers, ...(json && { body: JSON.stringify(json) }) }, path);
    });
  }

  /** Without a token: signing in brings it. */
  postForm(path: string, form: Readonly<Record<string, string>>): Promise<UpstoxAnswer> {
    const url = `${this.config.endpoints.rest}${path}`;
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const body = new URLSearchParams(form).toString();
    return this.deps.gate.run({ class: 'account' }, () =>
      this.send({ method: 'POST', url, headers, body }, path),
    );
  }

  private async send(
    request: {
      method: UpstoxRequest['method'];
      url: string;
      headers: Record<string, string>;
      body?: string;
    },
    path: string,
  ): Promise<UpstoxAnswer> {
    const sentMonoMs = this.deps.clock.monoMs();
    const answer = await this.deps.http.send({
      ...request,
      headers: { accept: 'application/json', 'user-agent': userAgent, ...request.headers },
      timeoutMs: answerTimeoutMs,
      bytesMax: answerBytesMax,
    });
    const body = parseJson(answer.body);
    const error = errorInAnswer(`${request.method} ${path}`, answer.status, body);
    if (error) throw error;
    return { body, sentMonoMs };
  }
}

/** undefined for what is not JSON. */
function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

function notSignedIn(): StrikewireError {
  return new StrikewireError({
    kind: 'unauthenticated',
    code: 'not_signed_in',
    message: '[broker-upstox] the account has no access token: sign in, or enter one',
  });
}

/** An answer that was a success and yet lacks what it must have. */
export function malformedAnswer(operation: string, needed: string): StrikewireError {
  return new StrikewireError({
    kind: 'retryable',
    code: 'answer_malformed',
    message: `[broker-upstox] ${operation}: the answer had no ${needed}`,
  });
}

/** The payload of a success. */
export function dataOf(body: unknown): unknown {
  return (body as { data?: unknown } | undefined)?.data;
}
