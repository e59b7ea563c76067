const half = /\p{Cs}/u;

/**
 * Where in JSON the first text is that has half a character in it (a lone surrogate, which UTF-8
 * cannot hold): stored, it would come back as another text. Undefined when there is none; names
 * count too. For values of little depth.
 */
export function fieldOfHalfText(value: unknown, field = ''): string | undefined {
  if (typeof value === 'string') return half.test(value) ? field || 'request' : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, one] of Object.entries(value)) {
    if (half.test(name)) return field || 'request';
    const found = fieldOfHalfText(one, field === '' ? name : `${field}.${name}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
