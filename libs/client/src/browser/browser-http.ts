import {
  errorMessageOf,
  StrikewireError,
  type Clock,
  type HttpRequest,
  type HttpResponse,
} from '@strikewire/runtime';
import type { HttpSend } from '../rest/rest-client';

/** The `send` half of the runtime's HTTP port over the browser's own fetch. */
export function createBrowserHttp(clock: Clock): HttpSend {
  return { send: (request) => send(clock, request) };
}

async function send(clock: Clock, request: HttpRequest): Promise<HttpResponse> {
  const { method, url, headers, body, timeoutMs, bytesMax } = request;
  const abort = new AbortController();
  const timeout = clock.after(timeoutMs, () =>
    abort.abort(new Error(`no answer within ${timeoutMs} ms`)),
  );
  try {
    const answer = await fetch(url, {
      method,
      signal: abort.signal,
      ...(headers && { headers }),
      ...(body !== undefined && { body: typeof body === 'string' ? body : body.slice() }),
    });
    const bytes = new Uint8Array(await answer.arrayBuffer());
    if (bytes.byteLength > bytesMax) throw new Error(`answer was over ${bytesMax} bytes`);
    return { status: answer.status, headers: Object.fromEntries(answer.headers), body: bytes };
  } catch (cause) {
    throw new StrikewireError({
      kind: 'retryable',
      code: 'network_failed',
      message: `${method} ${url}: ${errorMessageOf(cause)}`,
      cause,
    });
  } finally {
    timeout.cancel();
  }
}
