/**
 * A number as brokers print it: no decimals when whole, and a negative zero stays one. Plain JSON
 * output would lose the sign.
 */
export function numberText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

/** Whole paise, not negative, as rupees; prints as `numberText` does, in half the time. */
export function rupeesText(paise: number): string {
  const rest = paise % 100;
  if (rest === 0) return String(paise / 100);
  const whole = (paise - rest) / 100;
  return rest % 10 === 0 ? `${whole}.${rest / 10}` : `${whole}.${rest < 10 ? '0' : ''}${rest}`;
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
