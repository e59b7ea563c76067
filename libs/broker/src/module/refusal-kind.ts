import { errorKindOf } from '@strikewire/runtime';

/** `auth`: a broker does not take these credentials, `parked`: it does not serve the account. */
export type RefusalKind = 'auth' | 'parked';

/** What kind of refusal an error is; undefined: none. */
export function refusalOf(error: unknown): RefusalKind | undefined {
  const kind = errorKindOf(error);
  if (kind === 'unauthenticated') return 'auth';
  return kind === 'fatal' ? 'parked' : undefined;
}
