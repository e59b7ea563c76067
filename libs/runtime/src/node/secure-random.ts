import { randomBytes, randomUUID } from 'node:crypto';
import type { SecureRandom } from '../secure-random';

/** The operating system's randomness. */
export function createNodeSecureRandom(): SecureRandom {
  return { bytes: (count) => randomBytes(count), uuid: () => randomUUID() };
}
