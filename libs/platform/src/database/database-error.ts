import { StrikewireError } from '@strikewire/runtime';

/** SQLSTATE classes and codes of a server that is not there, is going, or is only now coming. */
const awayCodes = /^(08|57P|53300|25006|25P03)/;
/** Somebody else holds a lock, for longer than is waited. */
const lockedCode = '55P03';
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
 * What a query threw because the database is away or held by others, as an error to be tried again
 * later; undefined for anything else. Nothing of a transaction that failed so was kept, unless its
 * end was lost, which is said.
 */
export function fromDatabase(thrown: unknown): StrikewireError | undefined {
  const { code, message, query } = (thrown ?? {}) as Record<string, unknown>;
  const isAway =
    (typeof code === 'string' && (awayCodes.test(code) || networkCodes.has(code))) ||
    (typeof message === 'string' && awayWords.test(message));
  if ((thrown as { kind?: unknown } | undefined)?.kind !== undefined) return undefined;
  if (code === lockedCode) return unavailable(`the database is busy: ${nothingChanged}`, thrown);
  if (!isAway) return undefined;
  const ending = query === 'COMMIT' ? endLost : nothingChanged;
  return unavailable(`the database is away: ${ending}`, thrown);
}

function unavailable(message: string, cause: unknown): StrikewireError {
  return new StrikewireError({
    kind: 'retryable',
    code: 'database_unavailable',
    message,
    details: { retryAfterS: 5 },
    cause,
  });
}
