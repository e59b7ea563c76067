import { errorKindOf, errorMessageOf, StrikewireError, type ErrorKind } from '@strikewire/runtime';

/** The reason of a failed case. */
export function caseFailed(message: string): StrikewireError {
  return new StrikewireError({ kind: 'assertion', code: 'case_failed', message });
}

/** @throws with these words unless it holds. */
export function claim(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw caseFailed(otherwise);
}

/** @throws with both values unless they are equal as JSON. */
export function claimEqual(what: string, found: unknown, needed: unknown): void {
  const [ours, theirs] = [JSON.stringify(found), JSON.stringify(needed)];
  claim(ours === theirs, `${what} was ${shortened(ours)}, needs to be ${shortened(theirs)}`);
}

/** @throws with the first few of the lines unless there are none. */
export function claimNone(what: string, lines: readonly string[]): void {
  const some = lines.slice(0, 3).join('; ');
  claim(lines.length === 0, `${lines.length} ${what}: ${some}${lines.length > 3 ? '; ...' : ''}`);
}

/** @throws unless the error is of one of the kinds; `what` was asked. */
export function claimKind(what: string, error: unknown, kinds: readonly ErrorKind[]): void {
  const kind = errorKindOf(error);
  const found = `${kind} (${shortened(errorMessageOf(error))})`;
  claim(kinds.includes(kind), `${what} failed as ${found}, needs to be ${kinds.join(' or ')}`);
}

function shortened(text: string | undefined): string {
  const whole = text ?? 'undefined';
  return whole.length > 160 ? `${whole.slice(0, 160)}...` : whole;
}
