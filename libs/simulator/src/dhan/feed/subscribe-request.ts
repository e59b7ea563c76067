/** How much of an instrument a client wants. */
export type FeedMode = 'ticker' | 'quote' | 'full';

export interface RequestedInstrument {
  segment: string;
  id: number;
}

export type FeedRequest =
  | { kind: 'subscribe' | 'unsubscribe'; mode: FeedMode; instruments: RequestedInstrument[] }
  | { kind: 'disconnect' };

const modeOfCode: Readonly<Record<number, FeedMode>> = { 15: 'ticker', 17: 'quote', 21: 'full' };
const disconnectCode = 12;

/** A client's JSON message; undefined for whatever Dhan would pass over in silence. */
export function parseFeedRequest(text: string): FeedRequest | undefined {
  const { code, instruments } = parseInstruments(text);
  if (code === disconnectCode) return { kind: 'disconnect' };
  const isSubscribe = code in modeOfCode;
  const mode = modeOfCode[isSubscribe ? code : code - 1];
  if (!mode || !instruments) return undefined;
  return { kind: isSubscribe ? 'subscribe' : 'unsubscribe', mode, instruments };
}

/** The request code of a message, -1 when it has none, and the instruments that it names. */
export function parseInstruments(
  text: string,
): { code: number; instruments: RequestedInstrument[] | undefined } {
  const { RequestCode: code, InstrumentList: list } = parseObject(text) ?? {};
  return {
    code: typeof code === 'number' ? code : -1,
    instruments: Array.isArray(list) ? list.map(instrumentOf) : undefined,
  };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Ids should come as text; numbers are taken too. Anything else is id 0, which nothing has. */
function instrumentOf(entry: unknown): RequestedInstrument {
  const { ExchangeSegment: segment, SecurityId: id } = isRecord(entry) ? entry : {};
  const number = typeof id === 'string' && /^\d{1,10}$/.test(id) ? Number(id) : id;
  return {
    segment: typeof segment === 'string' ? segment : '',
    id: typeof number === 'number' && Number.isSafeInteger(number) ? number : 0,
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
