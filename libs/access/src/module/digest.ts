import { createHash, createHmac } from 'node:crypto';
import type { Mac } from '../core/activity-chain';

/** A token as it is stored: SHA-256 suffices, because tokens are 256 random bits. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

/** HMAC-SHA256 under a key, hexadecimal. */
export function macWith(key: Uint8Array): Mac {
  return (text) => createHmac('sha256', key).update(text).digest('hex');
}
