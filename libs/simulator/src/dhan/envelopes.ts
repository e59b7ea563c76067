import type { ServedResponse } from '@strikewire/runtime';

const json = { 'content-type': 'application/json' };

/** A body that is JSON text already. */
export function jsonAnswer(status: number, body: string | Uint8Array): ServedResponse {
  return { status, headers: json, body };
}

/** Data APIs: the answer around a JSON text. */
export function dataAnswer(data: string): ServedResponse {
  return jsonAnswer(200, `{"data":${data},"status":"success"}`);
}

/** Errors of the data APIs (market quote, option chain) and their HTTP status, where recorded. */
const dataErrors = {
  800: [500, 'Internal Server Error'],
  804: [400, 'Requested number of instruments exceeds limit'],
  805: [429, 'Too many requests. Further requests may result in the user being blocked.'],
  806: [401, 'Data APIs not subscribed'],
  807: [401, 'Access token is expired'],
  808: [401, 'Authentication Failed - Client ID or Access Token invalid'],
  809: [401, 'Access token is invalid'],
  810: [401, 'Client ID is invalid'],
  811: [400, 'Invalid Expiry Date'],
  812: [400, 'Invalid Date Format'],
  813: [400, 'Invalid SecurityId'],
  814: [400, 'Invalid Request'],
} as const;

export type DataErrorCode = keyof typeof dataErrors;

export function dataError(code: DataErrorCode): ServedResponse {
  const [status, text] = dataErrors[code];
  return jsonAnswer(status, JSON.stringify({ data: { [code]: text }, status: 'failed' }));
}

/** Errors of everything else under /v2. */
const tradingErrors = {
  'DH-901': [401, 'Invalid_Authentication', 'Client ID or user generated access token is invalid.'],
  'DH-902': [401, 'Invalid_Access', 'User has not subscribed to Data APIs.'],
  'DH-903': [403, 'User_Account', 'Account is blocked. Please contact support.'],
  'DH-904': [429, 'Rate_Limit', 'Too many requests on server from single user.'],
  'DH-905': [400, 'Input_Exception', 'Missing required fields or bad values for parameters.'],
  'DH-906': [400, 'Order_Error', 'Incorrect request for order and cannot be processed.'],
} as const;

export type TradingErrorCode = keyof typeof tradingErrors;

/** With its usual words and status when none are given. */
export function tradingError(
  code: TradingErrorCode,
  words?: string,
  otherStatus?: number,
): ServedResponse {
  const [usual, errorType, text] = tradingErrors[code];
  const body = { errorType, errorCode: code, errorMessage: words ?? text };
  return jsonAnswer(otherStatus ?? usual, JSON.stringify(body));
}

/** The address routes report an error as a list, with HTTP 200. */
export function addressError(message: string): ServedResponse {
  return jsonAnswer(200, JSON.stringify([{ message, status: 'ERROR' }]));
}

const gatewayWords: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  404: 'Not Found',
  405: 'Method Not Allowed',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
};

/** The gateway's own answer, for example to a path or method that it does not know. */
export function gatewayError(status: number, path: string, wallMs: number): ServedResponse {
  const error = gatewayWords[status] ?? 'Internal Server Error';
  const timestamp = new Date(wallMs).toISOString();
  return jsonAnswer(status, JSON.stringify({ timestamp, status, error, path }));
}

/** The charts' answer to an id that is not a number. */
export function chartsError(): ServedResponse {
  return jsonAnswer(500, JSON.stringify({
    errorCode: 'INTERNAL_SERVER_ERROR',
    httpStatus: 'INTERNAL_SERVER_ERROR',
    internalErrorCode: 'RS-9005',
    internalErrorMessage: 'Something went wrong',
  }));
}
