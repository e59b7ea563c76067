/** The kinds of failure, and what each means; see docs/architecture.md, "Errors". */
export const errorKinds = [
  'assertion',
  'invalid',
  'unauthenticated',
  'forbidden',
  'not_found',
  'throttled',
  'denied',
  'rejected',
  'retryable',
  'unknown',
  'fatal',
] as const;

/** One of the kinds of failure. */
export type ErrorKind = (typeof errorKinds)[number];

/** What an error is made of. */
export interface ErrorOptions {
  kind: ErrorKind;
  /** Stable, for programs: lower case with underscores, for example `expiry_not_listed`. */
  code: string;
  /** What was found and what was needed, for people. Never a secret. */
  message: string;
  details?: Record<string, unknown>;
  cause?: unknown;
}

/** The one error class. Tell errors by `kind`, never by `instanceof`: plugins may bring a copy. */
export class StrikewireError extends Error {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly details: Record<string, unknown> | undefined;

  constructor(options: ErrorOptions) {
    super(options.message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'StrikewireError';
    this.kind = options.kind;
    this.code = options.code;
    this.details = options.details;
  }
}

/** The kind of anything thrown; what carries none is our own bug: `assertion`. */
export function errorKindOf(thrown: unknown): ErrorKind {
  const kind = (thrown as { kind?: unknown } | null | undefined)?.kind;
  return errorKinds.find((known) => known === kind) ?? 'assertion';
}

/** The stable code of anything thrown; `internal` when it carries none. */
export function errorCodeOf(thrown: unknown): string {
  const code = (thrown as { code?: unknown } | null | undefined)?.code;
  return errorKindOf(thrown) !== 'assertion' && typeof code === 'string' ? code : 'internal';
}

/** The message of anything thrown, for logs and status. */
export function errorMessageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
