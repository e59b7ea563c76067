import { errorBodySchema } from '@strikewire/contracts';
import { StrikewireError, type ErrorKind } from '@strikewire/runtime';

/** An answer whose body was read as JSON; `undefined` when it was none. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: unknown;
}

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
 * The error that an answer stands for. `details.requestId` is what support asks for, `status` the
 * HTTP status, `retryAfterS` how long a caller that asked too often is to wait.
 */
export function errorOfAnswer({ status, headers, body }: Answer): StrikewireError {
  const kind = kinds[status] ?? 'retryable';
  const wait = Number(headers['retry-after'] ?? NaN);
  const facts = { status, ...(Number.isFinite(wait) && { retryAfterS: wait }) };
  const parsed = errorBodySchema.safeParse(body);
  if (parsed.success) {
    const { code, message, details, requestId } = parsed.data.error;
    return new StrikewireError({
      kind,
      code,
      message,
      details: { ...details, requestId, ...facts },
    });
  }
  const requestId = headers['x-request-id'];
  return new StrikewireError({
    kind,
    code: 'unexpected_answer',
    message: `the platform answered ${status} without saying why`,
    details: { ...facts, ...(requestId !== undefined && { requestId }) },
  });
}

/** Seconds until it may be tried again; null when the platform did not say. */
export function retryAfterOf({ details }: StrikewireError): number | null {
  const seconds = details?.['retryAfterS'];
  return typeof seconds === 'number' ? seconds : null;
}
