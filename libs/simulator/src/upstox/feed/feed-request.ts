/** How much of an instrument a client wants; the numbers are those of the wire. */
export const feedModes = { ltpc: 0, full: 1, option_greeks: 2, full_d30: 3 } as const;

export type UpstoxFeedMode = keyof typeof feedModes;

export type UpstoxFeedRequest =
  | { method: 'sub' | 'change_mode'; mode: UpstoxFeedMode; keys: readonly string[] }
  | { method: 'unsub'; keys: readonly string[] };

/** A client's JSON message; undefined for whatever is passed over in silence. */
export function parseUpstoxRequest(text: string): UpstoxFeedRequest | undefined {
  const { method, data } = parsedRecord(text);
  const { mode, instrumentKeys } = isRecord(data) ? data : {};
  if (!Array.isArray(instrumentKeys)) return undefined;
  const keys = instrumentKeys.filter((key): key is string => typeof key === 'string');
  if (method === 'unsub') return { method, keys };
  if (method !== 'sub' && method !== 'change_mode') return undefined;
  const wanted = mode === undefined && method === 'sub' ? 'ltpc' : mode;
  if (typeof wanted !== 'string' || !Object.hasOwn(feedModes, wanted)) return undefined;
  return { method, mode: wanted as UpstoxFeedMode, keys };
}

function parsedRecord(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
