import type { BrokerDeps, BudgetSlot } from '@strikewire/broker';
import { StrikewireError } from '@strikewire/runtime';
import type { DhanConfig } from '../config';
import { errorInAnswer } from './error-mapping';

/** A whole chain is about 250 kB; ten times that is refused. */
const answerBytesMax = 4 * 1024 * 1024;
const answerTimeoutMs = 10_000;

export interface DhanCall {
  method: 'GET' | 'POST';
  /** Below the REST root, for example `/optionchain`. */
  path: string;
  body?: Record<string, unknown>;
  slot: BudgetSlot;
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

  private async send({ method, path, body }: DhanCall): Promise<DhanAnswer> {
    const { clientId, accessToken } = this.config.credentials;
    const sentMonoMs = this.deps.clock.monoMs();
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
      bytesMax: answerBytesMax,
    });
    const parsed = parseJson(answer.body);
    const error = errorInAnswer(`${method} ${path}`, answer.status, parsed);
    if (error) throw error;
    return { body: parsed, sentMonoMs };
  }
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
