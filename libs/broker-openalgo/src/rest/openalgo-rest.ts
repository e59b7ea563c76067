import type { BrokerDeps, BudgetSlot } from '@strikewire/broker';
import { StrikewireError, type HttpStream } from '@strikewire/runtime';
import type { OpenalgoConfig } from '../config';
import { errorInAnswer } from './error-mapping';

const root = '/api/v1';
/** A whole chain is about 200 kB. */
const answerBytesMax = 8 * 1024 * 1024;
/** A chain is put together of quotes while one waits, which takes seconds with some brokers. */
const answerTimeoutMs = 20_000;
/** A list of instruments is some tens of megabytes, and comes out of a small database. */
const listBytesMax = 256 * 1024 * 1024;
const listTimeoutMs = 120_000;
const errorBytesMax = 64 * 1024;

/** An answer with the time at which its request left. */
export interface OpenalgoAnswer {
  body: unknown;
  sentMonoMs: number;
}

/** A request, below the root. */
export interface OpenalgoRequest {
  path: string;
  body: Readonly<Record<string, unknown>>;
  slot: BudgetSlot;
  /** Called when its turn has come, right before it is sent; what it throws keeps it here. */
  leaving?(): void;
}

/**
 * OpenAlgo's REST API: one call, within the budget, with a typed error for every envelope. The key
 * is a field of each body; where there is none, it is a part of the address.
 */
export class OpenalgoRest {
  private readonly config: OpenalgoConfig;
  private readonly deps: BrokerDeps;

  constructor(config: OpenalgoConfig, deps: BrokerDeps) {
    this.config = config;
    this.deps = deps;
  }

  /** @throws StrikewireError of the kind that the answer means; `retryable` without an answer. */
  post(
    path: string,
    body: Readonly<Record<string, unknown>>,
    priority = 0,
  ): Promise<OpenalgoAnswer> {
    return this.ask({ path, body, slot: { class: 'api', priority } });
  }

  /** As `post`, in any class. */
  ask({ path, body, slot, leaving }: OpenalgoRequest): Promise<OpenalgoAnswer> {
    return this.deps.gate.run(slot, async () => {
      leaving?.();
      const sentMonoMs = this.deps.clock.monoMs();
      const answer = await this.deps.http.send({
        method: 'POST',
        url: `${this.config.endpoints.rest}${root}${path}`,
        headers: { accept: 'application/json', 'content-type': 'application/json' },
        body: JSON.stringify({ apikey: this.config.credentials.apiKey, ...body }),
        timeoutMs: answerTimeoutMs,
        bytesMax: answerBytesMax,
      });
      const parsed = parseJson(answer.body);
      const error = errorInAnswer(`POST ${path}`, answer.status, parsed);
      if (error) throw error;
      return { body: parsed, sentMonoMs };
    });
  }

  /** A list as it arrives. */
  stream(path: string, query: Readonly<Record<string, string>>): Promise<HttpStream['chunks']> {
    const search = new URLSearchParams({ apikey: this.config.credentials.apiKey, ...query });
    return this.deps.gate.run({ class: 'api' }, async () => {
      const answer = await this.deps.http.stream({
        method: 'GET',
        url: `${this.config.endpoints.rest}${root}${path}?${search.toString()}`,
        headers: { accept: 'application/json' },
        timeoutMs: listTimeoutMs,
        bytesMax: listBytesMax,
      });
      if (answer.status === 200) return answer.chunks;
      const parsed = parseJson(await firstBytes(answer.chunks));
      throw errorInAnswer(`GET ${path}`, answer.status, parsed) ?? malformedAnswer(path, 'list');
    });
  }
}

async function firstBytes(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const bytes: number[] = [];
  for await (const chunk of chunks) {
    for (const byte of chunk) bytes.push(byte);
    if (bytes.length > errorBytesMax) break;
  }
  return Uint8Array.from(bytes);
}

/** undefined for what is not JSON. */
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
    message: `[broker-openalgo] ${operation}: the answer had no ${needed}`,
  });
}

/** The payload of a success. */
export function dataOf(body: unknown): unknown {
  return (body as { data?: unknown } | undefined)?.data;
}

/**
 * Whether an answer is of its analyzer: a sandbox with orders, positions and money of its own, to
 * which one switch sends all that is asked about orders.
 */
export function isOfAnalyzer(body: unknown): boolean {
  return (body as { mode?: unknown } | undefined)?.mode === 'analyze';
}
