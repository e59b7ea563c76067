import type { ServedResponse } from '@strikewire/runtime';

const json = { 'content-type': 'application/json' };

export function jsonAnswer(status: number, value: unknown): ServedResponse {
  return { status, headers: json, body: JSON.stringify(value) };
}

export function success(data: unknown): ServedResponse {
  return jsonAnswer(200, { status: 'success', data });
}

const errors = {
  UDAPI10005: [429, 'Too Many Request Sent'],
  UDAPI1004: [400, 'Valid order type is required'],
  UDAPI1007: [400, 'Valid validity is required'],
  UDAPI1009: [400, 'Required parameters missing: instrument_key'],
  UDAPI1010: [400, 'The order_id accepts only alphanumeric characters and -'],
  UDAPI1011: [400, 'The provided instrument_key is of invalid format'],
  UDAPI1023: [400, 'Order id is required'],
  UDAPI1026: [400, 'Instrument key is required'],
  UDAPI1029: [400, 'Invalid price'],
  UDAPI1030: [400, 'Invalid trigger price'],
  UDAPI1039: [400, 'Invalid disclosed quantity'],
  UDAPI1052: [400, 'The quantity cannot be zero'],
  UDAPI1088: [400, 'The provided date is of invalid format'],
  UDAPI1119: [400, 'The tag is too long'],
  UDAPI100010: [400, 'Order not found'],
  UDAPI100011: [400, 'Invalid Instrument key'],
  UDAPI100016: [401, 'Invalid Credentials'],
  UDAPI100036: [400, 'Invalid Input'],
  UDAPI100040: [400, 'The order is already cancelled, rejected or completed'],
  UDAPI100041: [400, 'The order is closed and can not be modified'],
  UDAPI100042: [400, 'Maximum instrument key limit exceeded'],
  UDAPI100049: [403, 'Access to this API has been restricted for your account'],
  UDAPI100050: [401, 'Invalid token used to access API'],
  UDAPI100057: [400, 'The market is closed'],
  UDAPI100060: [404, 'Resource not Found.'],
  UDAPI100072: [423, 'The Funds service is accessible from 5:30 AM to 12:00 AM IST daily'],
  UDAPI100076: [400, 'Maximum instrument key limit exceeded'],
  UDAPI100500: [500, 'Something went wrong... please contact us'],
} as const;

export type UpstoxErrorCode = keyof typeof errors;

/** Every field in both spellings: the second is older and still sent. */
export function failure(
  code: UpstoxErrorCode,
  property: string | null = null,
  words?: string,
): ServedResponse {
  const [status, usual] = errors[code];
  const message = words ?? usual;
  const error = {
    errorCode: code, message, propertyPath: property, invalidValue: null,
    error_code: code, property_path: property, invalid_value: null,
  };
  return jsonAnswer(status, { status: 'error', errors: [error] });
}

/** What stands in front of Upstox answers in its own way. */
export function gatewayPage(status: number): ServedResponse {
  const body = `<!DOCTYPE html><html><head><title>${status} | upstox.com</title></head>` +
    '<body><h1>Cloudflare</h1></body></html>';
  return { status, headers: { 'content-type': 'text/html; charset=UTF-8' }, body };
}

const codeOfStatus: Readonly<Record<number, UpstoxErrorCode>> = {
  400: 'UDAPI100036',
  401: 'UDAPI100050',
  403: 'UDAPI100049',
  404: 'UDAPI100060',
  423: 'UDAPI100072',
  429: 'UDAPI10005',
  500: 'UDAPI100500',
};

/** The body that comes with a status. */
export function failureOf(status: number): ServedResponse {
  const code = codeOfStatus[status];
  return code ? failure(code) : gatewayPage(status);
}
