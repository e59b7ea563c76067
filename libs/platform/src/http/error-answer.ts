import type { ErrorBody } from '@strikewire/contracts';
import {
  errorCodeOf,
  errorKindOf,
  errorMessageOf,
  type ErrorKind,
  type Log,
} from '@strikewire/runtime';
import { z } from 'zod';
import { fromDatabase } from '../database/database-error';

/** HTTP status and log level of each kind (docs/architecture.md, "Errors"). */
const answers: Record<ErrorKind, { status: number; level: keyof Log | null }> = {
  assertion: { status: 500, level: 'error' },
  invalid: { status: 400, level: null },
  unauthenticated: { status: 401, level: null },
  forbidden: { status: 403, level: null },
  not_found: { status: 404, level: null },
  throttled: { status: 429, level: null },
  denied: { status: 422, level: 'info' },
  rejected: { status: 409, level: 'warn' },
  // Whatever is not there yet has said so once, where it failed: not for everybody who asks.
  retryable: { status: 503, level: 'debug' },
  unknown: { status: 202, level: 'error' },
  fatal: { status: 503, level: 'error' },
};

/** An error as it goes out over HTTP. */
export interface ErrorAnswer {
  status: number;
  headers: Record<string, string>;
  body: ErrorBody;
}

/** The one error body for anything thrown, and its status; logs what is worth it. */
export function errorAnswer(thrown: unknown, requestId: string, log: Log): ErrorAnswer {
  const named = fromZod(thrown) ?? fromFramework(thrown);
  if (named) return answer(named.status, { ...named, requestId });
  return fromKind(fromDatabase(thrown) ?? thrown, requestId, log);
}

function fromKind(thrown: unknown, requestId: string, log: Log): ErrorAnswer {
  const kind = errorKindOf(thrown);
  const { status, level } = answers[kind];
  const code = errorCodeOf(thrown);
  // Anything can be thrown, undefined too.
  const error = thrown as { details?: Record<string, unknown>; stack?: string } | undefined | null;
  const reason = errorMessageOf(thrown);
  if (level) {
    const trace = kind === 'assertion' ? { stack: error?.stack } : {};
    log[level]('request failed', { requestId, code, reason, ...trace });
  }
  // What went wrong inside is for the log; the caller gets the id to ask about it.
  const isOurs = kind === 'assertion';
  return answer(status, {
    code,
    message: isOurs ? 'something went wrong here; the log has the details' : reason,
    ...(isOurs || !error?.details ? {} : { details: error.details }),
    requestId,
  });
}

function answer(status: number, error: ErrorBody['error']): ErrorAnswer {
  const { code, message, details, requestId } = error;
  const isLater = status === 503 || status === 429;
  const retryAfterS = Number(details?.['retryAfterS'] ?? usualRetryS);
  const headers: Record<string, string> = isLater ? { 'retry-after': String(retryAfterS) } : {};
  const body = { error: { code, message, ...(details ? { details } : {}), requestId } };
  return { status, headers, body };
}

/** When whoever answers does not know better. */
const usualRetryS = 2;

/** A schema's refusal: which field, what was found, what was needed. */
function fromZod(
  thrown: unknown,
): { status: number; code: string; message: string; details: Record<string, unknown> } | undefined {
  if (!(thrown instanceof z.ZodError)) return undefined;
  const fields = thrown.issues.map((issue) => ({
    field: issue.path.join('.') || 'request',
    needed: neededBy(issue),
  }));
  const message = fields.map(({ field, needed }) => `${field}: ${needed}`).join('; ');
  return { status: 400, code: 'invalid_request', message, details: { fields } };
}

/** A schema's refusal in the words of the rest: what was found and what is needed. */
function neededBy(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') return needsOneOf(issue.values);
  if (issue.code === 'invalid_union' && 'options' in issue && issue.options) {
    return needsOneOf(issue.options);
  }
  if (issue.code !== 'invalid_type') return issue.message;
  const isMissing = issue.message.endsWith('received undefined');
  const needed = `needs ${withArticle(issue.expected)}`;
  return isMissing ? `is missing, ${needed}` : needed;
}

function needsOneOf(values: readonly unknown[]): string {
  return values.length === 1 ? `needs ${values[0]}` : `needs one of ${values.join(', ')}`;
}

function withArticle(type: string): string {
  if (type === 'int') return 'a whole number';
  return `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`;
}

const frameworkCodes: Record<number, string> = {
  400: 'invalid_request',
  404: 'route_unknown',
  405: 'method_not_allowed',
  413: 'body_too_large',
  414: 'address_too_long',
  415: 'media_type_unsupported',
  426: 'upgrade_required',
  431: 'headers_too_large',
};

/** Refusals of the server framework itself, below 500: their texts are safe to show. */
function fromFramework(
  thrown: unknown,
): { status: number; code: string; message: string } | undefined {
  const error = thrown as { statusCode?: unknown; status?: unknown; message?: unknown } | null;
  const status = error?.statusCode ?? error?.status;
  if (typeof status !== 'number' || status < 400 || status >= 500) return undefined;
  const code = frameworkCodes[status] ?? 'invalid_request';
  return { status, code, message: String(error?.message ?? code) };
}
