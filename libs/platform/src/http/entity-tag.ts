/**
 * Whether an `If-None-Match` header names this entity tag, so that 304 is the answer: a list of
 * tags, or `*` for any. Weak and strong tags count as the same here (RFC 9110, 13.1.2).
 */
export function matchesEntityTag(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch === tag || ifNoneMatch.trim() === '*') return true;
  // A tag may hold commas: what is between quotes counts, not what is between commas.
  const named: readonly string[] = ifNoneMatch.match(/"[^"]*"/g) ?? [];
  return named.includes(tag.replace(/^W\//, ''));
}
