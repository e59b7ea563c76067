import type { IncomingMessage } from 'node:http';

const absoluteForm = /^https?:\/\/([^/?#]*)(.*)$/i;

/**
 * Makes a request whose target is a whole address (`GET http://localhost/health`, as a client sends
 * that takes this server for its proxy) one for the path alone. The host that it names then counts
 * in place of the Host header, which must be there all the same (RFC 9112, 3.2 and 3.2.2). Returns
 * the path with its query.
 */
export function useOriginForm(request: Pick<IncomingMessage, 'url' | 'headers'>): string {
  const { url = '/', headers } = request;
  const [, host, rest = ''] = absoluteForm.exec(url) ?? [];
  if (host === undefined) return url;
  if (headers.host !== undefined) headers.host = host;
  request.url = rest.startsWith('/') ? rest : `/${rest}`;
  return request.url;
}
