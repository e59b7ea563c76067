/** 1 last price, 2 quote, 3 depth. */
export type OpenalgoMode = 1 | 2 | 3;

/** A symbol that a message names; a mode of its own, or that of the message. */
export interface NamedSymbol {
  symbol: string;
  exchange: string;
  mode: OpenalgoMode | undefined;
}

const modeNames: Readonly<Record<string, OpenalgoMode>> = { ltp: 1, quote: 2, depth: 3 };

/** A client's message; undefined when it is no JSON object. */
export function parseClientMessage(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** By number or by name; undefined for anything else. */
export function modeOf(value: unknown): OpenalgoMode | undefined {
  if (value === 1 || value === 2 || value === 3) return value;
  const name = typeof value === 'string' ? value.toLowerCase() : '';
  return Object.hasOwn(modeNames, name) ? modeNames[name] : undefined;
}

/** From its list, or its own symbol; undefined when it names none. */
export function symbolsOf(message: Record<string, unknown>): NamedSymbol[] | undefined {
  const { symbols, symbol, exchange } = message;
  const list = Array.isArray(symbols) ? symbols : [{ symbol, exchange }];
  const named = list.flatMap((entry: unknown) => {
    if (!isRecord(entry)) return [];
    const { symbol: one, exchange: place, mode } = entry;
    return typeof one === 'string' && typeof place === 'string'
      ? [{ symbol: one, exchange: place, mode: modeOf(mode ?? message['mode']) }]
      : [];
  });
  return named.length > 0 ? named : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
