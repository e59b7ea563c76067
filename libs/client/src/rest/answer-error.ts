import { errorBodySchema } from '@strikewire/contracts';
import { StrikewireError, type ErrorKind, type HttpResponse } from '@strikewire/runtime';

const kinds: Readonly<Record<number, ErrorKind>> = {
  400: 'invalid',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  409: 'rejected',
  413: 'invalid',
  422: 'denied',
  429: 'throttled',
};

/**
 * The error that an answer stands for, with the server's code and message; `details.requestId`
 * is what support asks for, `details.status` the HTTP status. Reads may be repeated, so whatever
 * the server itself failed at is `retryable`.
 */
export function errorOfAnswer({ status, headers }: HttpResponse, body: unknown): StrikewireError {
  const kind = kinds[status] ?? 'retryable';
  const parsed = errorBodySchema.safeParse(body);
  if (parsed.success) {
    const { code, message, details, requestId } = parsed.data.error;
    return new StrikewireError({ kind, code, message, details: { ...details, requestId, status } });
  }
  const requestId = headers['x-request-id'];
  return new StrikewireError({
    kind,
    code: 'unexpected_answer',
    message: `the server answered ${status} without saying why`,
    details: { status, ...(requestId !== undefined && { requestId }) },
  });
}

/** The request id that an error carries, to show and to copy; null when there is none. */
export function requestIdOf(error: unknown): string | null {
  const details = (error as { details?: Record<string, unknown> } | null)?.details;
  const requestId = details?.['requestId'];
  return typeof requestId === 'string' ? requestId : null;
}
