/**
 * A number as brokers print it: no decimals when whole, and a negative zero stays one. Plain JSON
 * output would lose the sign.
 */
export function numberText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

/** An object's JSON text from fields whose values are JSON text already. */
export function objectText(fields: readonly (readonly [name: string, text: string])[]): string {
  return `{${fields.map(([name, text]) => `"${name}":${text}`).join(',')}}`;
}

/** A body as an object; undefined when it is anything else. */
export function parseBody(body: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body));
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
