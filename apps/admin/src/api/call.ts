import type { HttpSend } from '@strikewire/client';
import { errorKindOf, StrikewireError, type HttpRequest } from '@strikewire/runtime';
import { errorOfAnswer, type Answer } from './answer-error';

/** A schema of the contracts, as far as calls need it. */
interface Schema<T> {
  safeParse(
    input: unknown,
  ): { success: true; data: T } | { success: false; error: { message: string } };
}

export interface Ask {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** After `/api/`, without a leading slash. */
  path: string;
  query?: Record<string, string>;
  body?: unknown;
  /** Sent as it is, instead of a body. */
  file?: Uint8Array;
}

/** Asks the platform for something; an answer of another shape is an error. */
export interface Call {
  <T>(ask: Ask, schema: Schema<T>): Promise<T>;
  /** For answers without a body. */
  none(ask: Ask): Promise<void>;
}

/** The server waits 30 s for a broker's plugin at the most; everything else is quicker. */
const timeoutMs = 35_000;
/** A file of some hundred megabytes over a slow line. */
const fileTimeoutMs = 600_000;
const bytesMax = 8_388_608;
const decoder = new TextDecoder();

/** `httpBase`: origin of the platform. `refused` is told of every error that it answers. */
export function createCall(options: {
  http: HttpSend;
  httpBase: string;
  refused: (error: StrikewireError) => void;
}): Call {
  const { http, httpBase, refused } = options;
  const send = async (ask: Ask): Promise<Answer> => {
    const answer = await http.send(requestOf(`${httpBase}/api/`, ask));
    const told = { ...answer, body: jsonOf(answer.body) };
    if (answer.status >= 200 && answer.status < 300) return told;
    const error = errorOfAnswer(told);
    refused(error);
    throw error;
  };
  const read = async <T>(ask: Ask, schema: Schema<T>): Promise<T> => {
    const { body } = await send(ask);
    const parsed = schema.safeParse(body);
    if (parsed.success) return parsed.data;
    throw new StrikewireError({
      kind: 'retryable',
      code: 'answer_malformed',
      message: `the answer to ${ask.path} has not the agreed shape`,
      details: { why: parsed.error.message.slice(0, 500) },
    });
  };
  return Object.assign(read, { none: async (ask: Ask) => void (await send(ask)) });
}

function requestOf(base: string, { method, path, query, body, file }: Ask): HttpRequest {
  const search = query ? `?${new URLSearchParams(query).toString()}` : '';
  return {
    method,
    url: `${base}${path}${search}`,
    headers: {
      accept: 'application/json',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(file && { 'content-type': 'application/octet-stream' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(file && { body: file }),
    timeoutMs: file ? fileTimeoutMs : timeoutMs,
    bytesMax,
  };
}

function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(body));
  } catch {
    return undefined;
  }
}

/** Anything thrown as an error that can be shown. */
export function asShown(thrown: unknown): StrikewireError {
  if (errorKindOf(thrown) !== 'assertion') return thrown as StrikewireError;
  return new StrikewireError({
    kind: 'assertion',
    code: 'console_failed',
    message: 'the console made a mistake of its own',
    cause: thrown,
  });
}
