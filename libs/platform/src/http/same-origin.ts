const loopbackNames = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Whether a request's Host header names this machine. A foreign page can have its own name resolve
 * to 127.0.0.1 (DNS rebinding); its requests then come here under that name.
 */
export function isLoopbackHost(host: string | undefined): boolean {
  const address = `http://${host ?? ''}`;
  return URL.canParse(address) && loopbackNames.has(new URL(address).hostname);
}

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
