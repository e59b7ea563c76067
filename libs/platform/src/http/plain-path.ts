const control = /\p{Cc}/u;

/**
 * Whether an address has a path that means one thing only: no empty, `.` or `..` part and no
 * control character, written out or percent-encoded. A slash at the end is as good as none.
 */
export function isPlainPath(url: string): boolean {
  const [encoded = ''] = url.split('?', 1);
  if (encoded === '/') return true;
  const path = decode(encoded);
  if (path === undefined || control.test(path)) return false;
  const parts = path.replace(/^\//, '').replace(/\/$/, '').split('/');
  return parts.every((part) => part !== '' && part !== '.' && part !== '..');
}

/** Undefined when it is no percent-encoding. */
function decode(encoded: string): string | undefined {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}
