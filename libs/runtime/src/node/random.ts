import type { Random } from '../random';

/** The machine's randomness; for jitter, not for secrets. */
export function createNodeRandom(): Random {
  return { next: () => Math.random() };
}
