import { StrikewireError } from '@strikewire/runtime';

/** SQLSTATE classes and codes of a server that is not there, is going, or is only now coming. */
const awayCodes = /^(08|57P|53300|25006)/;
/** The same before a connection is made. Whatever else fails so has a kind of its own by then. */
const networkCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EPIPE', 'ETIMEDOUT']);
/** The driver's own words for a connection that ended or did not come, which carry no code. */
const awayWords =
  /connection (terminated|ended)|timeout exceeded when trying to connect|not queryable/i;

const nothingChanged = 'nothing was changed; try again in a moment';
const endLost =
  'it went away while it was keeping a change, which it may have kept or not; look before you ' +
  'try again';

/**
 * What a query threw because the database is away, as an error to be tried again later; undefined
 * for anything else. Nothing of a transaction that failed so was kept, unless its end was lost,
 * which is said.
 */
export function fromDatabase(thrown: unknown): StrikewireError | undefined {
  const { code, message, query } = (thrown ?? {}) as Record<string, unknown>;
  const isAway =
    (typeof code === 'string' && (awayCodes.test(code) || networkCodes.has(code))) ||
    (typeof message === 'string' && awayWords.test(message));
  if (!isAway || (thrown as { kind?: unknown }).kind !== undefined) return undefined;
  return new StrikewireError({
    kind: 'retryable',
    code: 'database_unavailable',
    message: `the database is away: ${query === 'COMMIT' ? endLost : nothingChanged}`,
    details: { retryAfterS: 5 },
    cause: thrown,
  });
}
