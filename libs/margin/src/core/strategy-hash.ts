import type { ContractKey } from '@strikewire/contracts';

/** What of a position counts for its hash. */
export interface HashedPosition {
  key: ContractKey;
  /** Signed units. */
  quantity: number;
}

/** FNV-1a of 128 bits: the published offset basis and prime. */
const basis = 0x6c62272e07bb014262b821756295c58dn;
const prime = 0x0000000001000000000000000000013bn;
const mask = (1n << 128n) - 1n;

/**
 * Hash of a position set: 32 hexadecimal digits, equal for equal sets in whatever order, however a
 * contract is split into lines, and whatever lines of nothing it has. `context` tells apart what
 * else a figure depends on (account, product). Prices are not part: a tick changes no hash.
 *
 * FNV-1a, because this runs in a browser too, where digests are asynchronous, and because sets are
 * compared within one user's own cache: chance collisions of 128 bits do not happen, and nobody
 * gains by making one.
 */
export function strategyHash(positions: readonly HashedPosition[], context = ''): string {
  const quantities = new Map<ContractKey, number>();
  for (const { key, quantity } of positions) {
    quantities.set(key, (quantities.get(key) ?? 0) + quantity);
  }
  const lines = [...quantities]
    .filter(([, quantity]) => quantity !== 0)
    .map(([key, quantity]) => `${key}=${quantity}`)
    .sort();
  // Keys and quantities have no line breaks, so no two sets give the same text.
  return fnv1a128([JSON.stringify(context), ...lines].join('\n'));
}

/** FNV-1a over the UTF-8 bytes of a text. */
export function fnv1a128(text: string): string {
  let hash = basis;
  for (const byte of new TextEncoder().encode(text)) {
    hash = ((hash ^ BigInt(byte)) * prime) & mask;
  }
  return hash.toString(16).padStart(32, '0');
}
