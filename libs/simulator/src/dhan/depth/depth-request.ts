import { parseInstruments, type RequestedInstrument } from '../feed/subscribe-request';

export type DepthRequest =
  | { kind: 'subscribe' | 'unsubscribe'; instruments: RequestedInstrument[] }
  | { kind: 'disconnect' };

/** Two pages of the documentation name two codes to unsubscribe by. */
const kinds: Readonly<Record<number, DepthRequest['kind']>> = {
  12: 'disconnect', 23: 'subscribe', 24: 'unsubscribe', 25: 'unsubscribe',
};

/** A client's JSON message; undefined for whatever Dhan would pass over in silence. */
export function parseDepthRequest(text: string): DepthRequest | undefined {
  const { code, instruments } = parseInstruments(text);
  const kind = kinds[code];
  if (kind === 'disconnect') return { kind };
  return kind && instruments ? { kind, instruments } : undefined;
}
