import type { ServedResponse } from '@strikewire/runtime';

const headers = { 'content-type': 'application/json' };

/** What the instance says that it is connected to. */
export const brokerBehind = 'simulated';

/** Not every answer has its fields under `data`. */
export function success(fields: object): ServedResponse {
  return { status: 200, headers, body: JSON.stringify({ status: 'success', ...fields }) };
}

/** A text, or texts by field. */
export function failure(status: number, message: string | object): ServedResponse {
  return { status, headers, body: JSON.stringify({ status: 'error', message }) };
}

export function missing(field: string): ServedResponse {
  return failure(400, { [field]: ['Missing data for required field.'] });
}

const texts: Readonly<Record<number, string>> = {
  400: 'Bad request',
  403: 'Invalid openalgo apikey',
  404: 'Symbol not found',
  429: 'Rate limit exceeded. Please slow down your requests.',
  500: 'An unexpected error occurred',
  501: 'Feature not implemented by the broker',
};

export function failureOf(status: number): ServedResponse {
  return failure(status, texts[status] ?? 'An unexpected error occurred');
}

/** What the web server in front of it answers when it does not. */
export function gatewayPage(status: number): ServedResponse {
  const title = `${status} Bad Gateway`;
  const body = `<html><head><title>${title}</title></head>` +
    `<body><center><h1>${title}</h1></center><hr><center>nginx</center></body></html>`;
  return { status, headers: { 'content-type': 'text/html' }, body };
}
