import { Agent, interceptors, request as send, type Dispatcher } from 'undici';
import type { Clock } from '../clock';
import { StrikewireError } from '../error';
import type { Http, HttpRequest, HttpStream } from '../http';

const redirectsMax = 5;
const connectionsPerHostMax = 16;

/** HTTP over the network (undici), with keep-alive; timeouts run on the given clock. */
export function createNodeHttp(clock: Clock): Http & { close(): Promise<void> } {
  const agent = new Agent({ connections: connectionsPerHostMax, keepAliveTimeout: 30_000 });
  const following = agent.compose(interceptors.redirect({ maxRedirections: redirectsMax }));
  const open = async (request: HttpRequest, dispatcher: Dispatcher): Promise<HttpStream> => {
    const abort = new AbortController();
    const timer = clock.after(request.timeoutMs, () =>
      abort.abort(new Error(`no answer within ${request.timeoutMs} ms`)),
    );
    try {
      const answer = await send(request.url, {
        method: request.method,
        headers: request.headers ?? {},
        body: request.body ?? null,
        signal: abort.signal,
        dispatcher,
      });
      const chunks = readWithin(answer.body, request, () => timer.cancel());
      return { status: answer.statusCode, headers: flatten(answer.headers), chunks };
    } catch (cause) {
      timer.cancel();
      throw failed(request, abort.signal.aborted ? abort.signal.reason : cause);
    }
  };
  return {
    stream: (request) => open(request, following),
    async send(request) {
      const { status, headers, chunks } = await open(request, agent);
      const parts: Uint8Array[] = [];
      for await (const chunk of chunks) parts.push(chunk);
      return { status, headers, body: Buffer.concat(parts) };
    },
    close: () => agent.destroy(),
  };
}

async function* readWithin(
  body: AsyncIterable<Uint8Array>,
  request: HttpRequest,
  finish: () => void,
): AsyncIterable<Uint8Array> {
  let size = 0;
  try {
    for await (const chunk of body) {
      size += chunk.length;
      if (size > request.bytesMax) throw new Error(`answer was over ${request.bytesMax} bytes`);
      yield chunk;
    }
  } catch (cause) {
    throw failed(request, cause);
  } finally {
    finish();
  }
}

/** Names the host alone: paths and queries may carry secrets. */
function failed(request: HttpRequest, cause: unknown): StrikewireError {
  const reason = cause instanceof Error ? cause.message || cause.name : String(cause);
  return new StrikewireError({
    kind: 'retryable',
    code: 'network_failed',
    message: `${request.method} ${new URL(request.url).host}: ${reason}`,
    cause,
  });
}

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}
