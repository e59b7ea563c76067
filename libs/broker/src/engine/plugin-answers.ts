import { StrikewireError } from '@strikewire/runtime';
import type { FeedEndKind, FeedNews } from '../core/feed-protocol';
import type { OrderNews } from '../core/order-feed';

/*
 * What plugins answer at once, looked at before anything relies on it: an author's language may
 * have checked nothing. Each function throws where the answer is of no use.
 */

type EndKind = FeedEndKind | 'throttled';

const ends: ReadonlySet<unknown> = new Set<EndKind>(
  ['auth', 'suspended', 'entitlement', 'too_many', 'other', 'throttled'],
);

/** What a frame says besides quotes; undefined: nothing. */
export function newsOf(answer: unknown): FeedNews | undefined {
  if (answer === undefined || answer === null) return undefined;
  const news = answer as Partial<{ kind: unknown; reason: unknown }>;
  if (news.kind === 'ready') return answer as FeedNews;
  if (ends.has(news.kind) && typeof news.reason === 'string') return answer as FeedNews;
  throw odd('decode', answer, 'nothing, { kind: "ready" } or { kind, reason } of an end');
}

/** Messages that can be sent. */
export function messagesOf(what: string, answer: unknown): (string | Uint8Array)[] {
  if (Array.isArray(answer) && answer.every(isMessage)) return answer;
  throw odd(what, answer, 'a list of texts or bytes');
}

/** What the end of a connection means. */
export function endKindOf(answer: unknown): EndKind {
  if (ends.has(answer)) return answer as EndKind;
  throw odd('classifyEnd', answer, `one of ${[...ends].join(', ')}`);
}

/** What a message of an order feed says. */
export function orderNewsOf(answer: unknown): OrderNews[] {
  if (Array.isArray(answer) && answer.every(isOrderNews)) return answer;
  throw odd('read', answer, 'a list of news of orders');
}

function isMessage(one: unknown): one is string | Uint8Array {
  return typeof one === 'string' || one instanceof Uint8Array;
}

function isOrderNews(one: unknown): one is OrderNews {
  if (typeof one !== 'object' || one === null) return false;
  const { kind, row, trade, brokerOrderId } = one as Record<string, unknown>;
  if (kind === 'row') return isRecord(row);
  if (kind === 'trade') return isRecord(trade);
  if (kind === 'look') return brokerOrderId === null || typeof brokerOrderId === 'string';
  return newsOf(one) !== undefined;
}

const isRecord = (value: unknown): boolean => typeof value === 'object' && value !== null;

function odd(method: string, answer: unknown, needed: string): StrikewireError {
  // A promise that is refused here has nobody else who waits for it.
  if (answer instanceof Promise) answer.catch(() => undefined);
  const message = `${method} answered ${nameOf(answer)} where ${needed} was needed`;
  return new StrikewireError({ kind: 'retryable', code: 'plugin_answer', message });
}

/** What it is, and nothing of what is in it: that may be a secret. */
function nameOf(answer: unknown): string {
  if (answer instanceof Promise) return 'a promise';
  if (Array.isArray(answer)) return 'another list';
  return answer === null ? 'null' : `another ${typeof answer}`;
}
