import {
  expiriesSchema,
  liveChainSchema,
  notificationsSchema,
  ordersSchema,
  statusSchema,
  termStructureSchema,
  underlyingsSchema,
  type Expiries,
  type LiveChain,
  type Notifications,
  type Orders,
  type PlatformStatus,
  type TermStructure,
  type Underlyings,
} from '@strikewire/contracts';
import { StrikewireError, type Http, type HttpResponse } from '@strikewire/runtime';
import { clientLimits } from '../limits';
import { errorOfAnswer } from './answer-error';

/** What the client needs of the HTTP port. */
export type HttpSend = Pick<Http, 'send'>;

/** Which chain; without an expiry the nearest is meant. Expiries are ISO dates. */
export interface ChainTarget {
  underlying: string;
  expiry?: string;
}

/** The same for all ways of writing a target. */
export function chainKeyOf({ underlying, expiry }: ChainTarget): string {
  return `${underlying.toUpperCase()} ${expiry ?? ''}`;
}

/**
 * Reads of the platform. Each rejects with a StrikewireError: what the server said, `retryable`
 * when no answer came, `answer_malformed` (kind `retryable`) when the answer has another shape.
 */
export interface RestClient {
  underlyings(): Promise<Underlyings>;
  expiries(underlying: string): Promise<Expiries>;
  status(): Promise<PlatformStatus>;
  live(target: ChainTarget): Promise<LiveChain>;
  /** The latest of what people were told; for people, not for keys. */
  notifications(): Promise<Notifications>;
  /** Today's orders, newest first, of every account that the asker may see. */
  orders(): Promise<Orders>;
  /** At-the-money volatility over an underlying's expiries. */
  termStructure(underlying: string): Promise<TermStructure>;
}

interface Schema<T> {
  safeParse(
    input: unknown,
  ): { success: true; data: T } | { success: false; error: { message: string } };
}

const chains = 'optionchain';

/**
 * `httpBase`: origin of the server, without a path, for example `http://localhost:3000`. Without an
 * API key the browser's own session is used.
 */
export function createRestClient({ httpBase, http, apiKey }: {
  httpBase: string;
  http: HttpSend;
  apiKey?: string | undefined;
}): RestClient {
  const base = `${httpBase.replace(/\/$/, '')}/api`;
  const headers = {
    accept: 'application/json',
    ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
  };
  const get = async <T>(path: string, schema: Schema<T>): Promise<T> => {
    const answer = await http.send({
      method: 'GET',
      url: `${base}/${path}`,
      headers,
      timeoutMs: clientLimits.requestTimeoutMs,
      bytesMax: clientLimits.answerBytesMax,
    });
    const body = jsonOf(answer);
    if (answer.status !== 200) throw errorOfAnswer(answer, body);
    const parsed = schema.safeParse(body);
    if (parsed.success) return parsed.data;
    throw malformed(path, parsed.error.message);
  };
  return {
    underlyings: () => get(`${chains}/underlyings`, underlyingsSchema),
    expiries: (underlying) =>
      get(`${chains}/expiries?${queryOf({ underlying })}`, expiriesSchema),
    status: () => get(`${chains}/status`, statusSchema),
    notifications: () => get('notifications', notificationsSchema),
    orders: () => get('orders', ordersSchema),
    termStructure: (underlying) =>
      get(`${chains}/term-structure?${queryOf({ underlying })}`, termStructureSchema),
    live: (target) => get(`${chains}/live?${queryOf(target)}`, liveChainSchema),
  };
}

function queryOf({ underlying, expiry }: ChainTarget): string {
  return new URLSearchParams({ underlying, ...(expiry && { expiry }) }).toString();
}

const decoder = new TextDecoder();

function jsonOf({ body }: HttpResponse): unknown {
  try {
    return JSON.parse(decoder.decode(body));
  } catch {
    return undefined;
  }
}

function malformed(path: string, why: string): StrikewireError {
  return new StrikewireError({
    kind: 'retryable',
    code: 'answer_malformed',
    message: `the answer to ${path.split('?', 1)[0]} has not the agreed shape`,
    details: { why: why.slice(0, 500) },
  });
}
