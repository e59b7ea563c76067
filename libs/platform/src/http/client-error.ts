import type { ErrorBody } from '@strikewire/contracts';

interface Refusal {
  status: string;
  code: string;
  message: string;
}

const malformed: Refusal = {
  status: '400 Bad Request',
  code: 'request_malformed',
  message: 'what was sent is not an HTTP/1.1 request',
};
/** What the parser finds before there is a request, by its error code. */
const refusals: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: {
    status: '431 Request Header Fields Too Large',
    code: 'headers_too_large',
    message: 'the address and headers are too large together',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: '408 Request Timeout',
    code: 'request_timeout',
    message: 'the request was not complete in time',
  },
};

/** The whole HTTP answer to what the parser refused, in the one error body; closes after it. */
export function clientErrorAnswer(code: string | undefined, requestId: string): string {
  const { status, ...error } = refusals[code ?? ''] ?? malformed;
  return closingAnswer(status, { ...error, requestId });
}

/** An HTTP answer as text, for a socket that no server answers any more; closes after it. */
export function closingAnswer(status: string, error: ErrorBody['error']): string {
  const body = JSON.stringify({ error } satisfies ErrorBody);
  const head = [
    `HTTP/1.1 ${status}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}
