import type { InstrumentToken } from '@strikewire/broker';

/** `SEGMENT|ID`, as requests and the feed name an instrument. */
export function instrumentKeyOf({ segment, id }: InstrumentToken): string {
  return `${segment}|${id}`;
}

/** The token of an instrument key; undefined for what is none. */
export function tokenOfKey(key: unknown): InstrumentToken | undefined {
  if (typeof key !== 'string') return undefined;
  const at = key.indexOf('|');
  if (at <= 0 || at === key.length - 1) return undefined;
  return { segment: key.slice(0, at), id: key.slice(at + 1) };
}
