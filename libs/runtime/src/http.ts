/** A request to another host. Header names are lower case. */
export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  url: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  /** Milliseconds by the clock until the whole answer must be here; then kind `retryable`. */
  timeoutMs: number;
  /** Bytes of body accepted; one more fails with kind `retryable`. */
  bytesMax: number;
}

/** A whole answer. */
export interface HttpResponse {
  status: number;
  /** Lower-case names. */
  headers: Record<string, string>;
  body: Uint8Array;
}

/** An answer whose body is still arriving. */
export interface HttpStream {
  status: number;
  headers: Record<string, string>;
  /** Chunks as they arrive; leaving the loop early closes the connection. */
  chunks: AsyncIterable<Uint8Array>;
}

/** Requests to other hosts. Every failure before an answer is a StrikewireError `retryable`. */
export interface Http {
  send(request: HttpRequest): Promise<HttpResponse>;
  /** For bodies too large to hold; follows at most 5 redirects. */
  stream(request: HttpRequest): Promise<HttpStream>;
}

/** The server's view of a request. */
export interface ServedRequest {
  method: string;
  /** Path without the query, as sent. */
  path: string;
  query: URLSearchParams;
  headers: Record<string, string>;
  body: Uint8Array;
  /** The caller's address, for example `127.0.0.1`. */
  remoteAddress: string;
}

/** A server's answer; a body may be a stream of chunks. */
export interface ServedResponse {
  status: number;
  headers?: Record<string, string>;
  body?: string | Uint8Array | AsyncIterable<Uint8Array>;
}

/** Answers a request; a rejected promise drops the connection without an answer. */
export type HttpHandler = (request: ServedRequest) => ServedResponse | Promise<ServedResponse>;
