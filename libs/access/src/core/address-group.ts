const groupParts = 4;

/**
 * What one subscriber has: an IPv4 address, or the first 64 bits of an IPv6 address, since a home
 * has all addresses that begin so. What is neither stays as it is.
 */
export function addressGroup(address: string): string {
  const [, mapped] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? [];
  if (mapped !== undefined) return mapped;
  if (!address.includes(':')) return address;
  const [plain = ''] = address.toLowerCase().split('%', 1);
  const [head = '', tail] = plain.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const gap = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const parts = [...before, ...Array<string>(gap).fill('0'), ...after];
  const group = parts.slice(0, groupParts).map((part) => part.replace(/^0+(?=.)/, ''));
  return `${group.join(':')}::/64`;
}
