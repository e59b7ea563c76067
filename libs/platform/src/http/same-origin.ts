/**
 * Whether a browser's request comes from our own pages: its Origin names the host it asks. No
 * Origin means that no browser page is behind it. Keeps foreign pages off the sockets of a server
 * that listens on this machine.
 */
export function isSameOrigin(origin: string | undefined, host: string | undefined): boolean {
  if (origin === undefined) return true;
  try {
    return new URL(origin).host === host;
  } catch {
    return false;
  }
}
