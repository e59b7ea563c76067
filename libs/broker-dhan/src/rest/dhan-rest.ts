import type { BrokerDeps, BudgetSlot } from '@strikewire/broker';
import { errorCodeOf, errorKindOf, errorMessageOf, StrikewireError } from '@strikewire/runtime';
import type { DhanConfig } from '../config';
import { errorInAnswer, tradingCodeOf } from './error-mapping';

/** A whole chain is about 250 kB; ten times that is refused. */
const answerBytesMax = 4 * 1024 * 1024;
const answerTimeoutMs = 10_000;

export interface DhanCall {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the REST root, for example `/optionchain`. */
  path: string;
  body?: Record<string, unknown>;
  slot: BudgetSlot;
  /** Of the answer, where it may be longer than any other. */
  bytesMax?: number;
}

/** An answer with the time at which its request left. */
export interface DhanAnswer {
  body: unknown;
  sentMonoMs: number;
}

/**
 * Dhan's REST API as it is on the wire: one call, within the budget, with a typed error for every
 * envelope. Ids are numbers in data APIs; the token goes in `access-token`, without "Bearer".
 */
export class DhanRest {
  private readonly config: DhanConfig;
  private readonly deps: BrokerDeps;

  constructor(config: DhanConfig, deps: BrokerDeps) {
    this.config = config;
    this.deps = deps;
  }

  /** @throws StrikewireError of the kind that the answer means; `retryable` without an answer. */
  call(call: DhanCall): Promise<DhanAnswer> {
    return this.deps.gate.run(call.slot, () => this.send(call));
  }

  /**
   * The same of books, margin and funds. That a segment is not active, or that an account may not
   * trade, says nothing of its market data: there it is no end of everything.
   */
  callOfTrading(call: DhanCall): Promise<DhanAnswer> {
    return asOfTrading(() => this.call(call), tradingCodeOf);
  }

  /**
   * A call at the host where people sign in: without a token, all that it asks in its query. An
   * error may repeat what was asked: `secrets` do not come out in it.
   */
  login(
    path: string,
    query: Readonly<Record<string, string>>,
    secrets: readonly string[],
  ): Promise<unknown> {
    const url = `${this.config.endpoints.auth}${path}?${new URLSearchParams(query).toString()}`;
    return this.deps.gate.run({ class: 'account' }, async () => {
      const { status, body } = await this.deps.http.send({
        method: 'POST',
        url,
        headers: { accept: 'application/json' },
        timeoutMs: answerTimeoutMs,
        bytesMax: answerBytesMax,
      });
      const parsed = parseJson(body);
      const error = errorInAnswer(`POST ${path}`, status, parsed);
      if (!error) return parsed;
      const { kind, code } = error;
      throw new StrikewireError({ kind, code, message: masked(error.message, secrets) });
    });
  }

  private async send(call: DhanCall): Promise<DhanAnswer> {
    const sentMonoMs = this.deps.clock.monoMs();
    const { status, body } = await this.exchange(call);
    const error = errorInAnswer(`${call.method} ${call.path}`, status, body);
    if (error) throw error;
    return { body, sentMonoMs };
  }

  /**
   * Sends at once, past the budget, and answers what came, whatever it says; `body` is undefined
   * where it is not JSON. Rejects without an answer.
   */
  async exchange({
    method, path, body, bytesMax = answerBytesMax,
  }: Omit<DhanCall, 'slot'>): Promise<{ status: number; body: unknown }> {
    const { clientId, accessToken } = this.config.credentials;
    const answer = await this.deps.http.send({
      method,
      url: `${this.config.endpoints.rest}${path}`,
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        'access-token': accessToken,
        'client-id': clientId,
        dhanclientid: clientId,
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
      timeoutMs: answerTimeoutMs,
      bytesMax,
    });
    return { status: answer.status, body: parseJson(answer.body) };
  }
}

/** What a question for trading's sake comes to: nothing that ends it ends the account. */
export async function asOfTrading<Answer>(
  ask: () => Promise<Answer>,
  codeOf: (code: string) => string = (code) => code,
): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    if (errorKindOf(error) !== 'fatal') throw error;
    throw new StrikewireError({
      kind: 'rejected',
      code: codeOf(errorCodeOf(error)),
      message: errorMessageOf(error),
      cause: error,
    });
  }
}

/** A text with nothing of these in it. */
export function masked(text: string, secrets: readonly string[]): string {
  return secrets.reduce((left, one) => left.replaceAll(one, '***'), text);
}

/** undefined for what is not JSON: the gateway answers HTML when it is down. */
function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

/** An answer that was a success and yet lacks what it must have. */
export function malformedAnswer(operation: string, needed: string): StrikewireError {
  return new StrikewireError({
    kind: 'retryable',
    code: 'answer_malformed',
    message: `[broker-dhan] ${operation}: the answer had no ${needed}`,
  });
}
