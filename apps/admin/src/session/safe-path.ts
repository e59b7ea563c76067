/** Where one goes when nothing better is known. */
export const homePath = '/';

const ownOrigin = 'http://console.invalid';

/**
 * The path to go back to after signing in: only one of the console's own. Addresses of other
 * hosts, in whatever disguise, and pages before the sign-in lead home.
 */
export function safePath(given: unknown): string {
  if (typeof given !== 'string' || given.length > 2_000) return homePath;
  // Browsers take a backslash for a slash, and leave tabs and line ends out.
  if (!given.startsWith('/') || /[\\\p{Cc}]/u.test(given)) return homePath;
  try {
    const { origin, pathname, search, hash } = new URL(given, ownOrigin);
    const isOurs = origin === ownOrigin && !pathname.startsWith('//');
    if (!isOurs || /^\/(sign-in|new-password)(\/|$)/.test(pathname)) return homePath;
    return `${pathname}${search}${hash}`;
  } catch {
    return homePath;
  }
}
