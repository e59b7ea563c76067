import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';
import { StrikewireError } from '@strikewire/runtime';
import type { MasterKey, MasterKeys } from './master-key';
import { decodeSealed, encodeSealed, sealedVersion, type SealedParts } from './sealed-text';

/** Seals secrets for storage and opens them again. */
export interface Vault {
  /**
   * Encrypts under a fresh data key; `context` (for example `broker-account:<id>:accessToken`) is
   * bound to it and must be the same when opened.
   * @throws StrikewireError `invalid` when the text is over `secretBytesMax` or no valid Unicode
   */
  seal(plain: string, context: string): string;
  /**
   * @throws StrikewireError `fatal`, code `secret_unreadable`, when the master key, the context or
   * the text is another one
   */
  open(sealed: string, context: string): string;
  /**
   * The same secret under the newest master key: its data key is wrapped anew, what it encrypts
   * is not touched. One that is under that key already comes back as it is.
   */
  rewrap(sealed: string): string;
  /** Names the newest master key; tells nothing of the key itself. */
  readonly keyId: string;
}

/** The longest secret that is taken, in bytes of UTF-8. */
export const secretBytesMax = 64 * 1024;

const dataKeyBytes = 32;
/** Of 96 bits, drawn anew each time: no key here is used often enough for two to meet. */
const nonceBytes = 12;
const tagBytes = 16;
const contextCharsShown = 120;

/**
 * Envelope encryption with AES-256-GCM: each secret has a data key of its own, which the master
 * key wraps (docs/adr/0009). Seals under the current master key, opens under any that is given.
 * `randomBytes` must be fit for keys.
 */
export function createVault(
  { current, previous = [] }: MasterKeys,
  randomBytes: (count: number) => Uint8Array,
): Vault {
  const keys = new Map([...previous, current].map((key) => [key.id, key]));
  const encrypt = (key: KeyObject | Uint8Array, plain: Uint8Array, bound: string): Buffer => {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(bound));
    const parts = [nonce, cipher.update(plain), cipher.final()];
    return Buffer.concat([...parts, cipher.getAuthTag()]);
  };
  const wrap = (dataKey: Uint8Array, body: Uint8Array): string => {
    const wrapped = encrypt(current.key, dataKey, boundToKey(current.id, body));
    return encodeSealed({ keyId: current.id, wrapped, body });
  };
  const unwrap = ({ keyId, wrapped, body }: SealedParts): Uint8Array => {
    const master = keys.get(keyId);
    if (!master) throw unreadable(otherKey(keyId, current));
    const dataKey = decrypt(master.key, wrapped, boundToKey(keyId, body));
    if (!dataKey) throw unreadable('it was altered');
    return dataKey;
  };
  return {
    keyId: current.id,
    seal(plain, context) {
      const dataKey = randomBytes(dataKeyBytes);
      return wrap(dataKey, encrypt(dataKey, bytesOf(plain), boundToContext(context)));
    },
    open(sealed, context) {
      const parts = partsOf(sealed);
      const plain = decrypt(unwrap(parts), parts.body, boundToContext(context));
      if (plain) return plain.toString('utf8');
      throw unreadable(`it is not the one of ${context.slice(0, contextCharsShown)}`);
    },
    rewrap(sealed) {
      const parts = partsOf(sealed);
      const dataKey = unwrap(parts);
      return parts.keyId === current.id ? sealed : wrap(dataKey, parts.body);
    },
  };
}

/** Undefined when the key, the bytes or what they are bound to is another. */
function decrypt(
  key: KeyObject | Uint8Array,
  sealed: Uint8Array,
  bound: string,
): Buffer | undefined {
  const end = sealed.length - tagBytes;
  if (end < nonceBytes) return undefined;
  const options = { authTagLength: tagBytes };
  try {
    const nonce = sealed.subarray(0, nonceBytes);
    const cipher = createDecipheriv('aes-256-gcm', key, nonce, options);
    cipher.setAAD(Buffer.from(bound)).setAuthTag(sealed.subarray(end));
    return Buffer.concat([cipher.update(sealed.subarray(nonceBytes, end)), cipher.final()]);
  } catch {
    return undefined;
  }
}

/** The wrapped key belongs to one master key and to one encrypted text. */
function boundToKey(keyId: string, body: Uint8Array): string {
  return `${sealedVersion}.${keyId}.${Buffer.from(body).toString('base64url')}`;
}

/** Not to the master key, which changes while the text stays. */
function boundToContext(context: string): string {
  return `${sealedVersion}:${context}`;
}

function bytesOf(plain: string): Buffer {
  const bytes = Buffer.from(plain, 'utf8');
  if (bytes.length > secretBytesMax) {
    throw new StrikewireError({
      kind: 'invalid',
      code: 'secret_too_large',
      message: `a secret has ${bytes.length} bytes, at most ${secretBytesMax} are stored`,
    });
  }
  if (bytes.toString('utf8') === plain) return bytes;
  const message = 'a secret is not valid Unicode text and would not come back the same';
  throw new StrikewireError({ kind: 'invalid', code: 'secret_not_text', message });
}

function partsOf(sealed: string): SealedParts {
  const parts = decodeSealed(sealed);
  if (!parts) throw unreadable('what is stored was not sealed here, or was altered');
  return parts;
}

function otherKey(keyId: string, current: MasterKey): string {
  return (
    `it was sealed under the master key ${keyId}, but the one given is ${current.id}: give that ` +
    'key as STRIKEWIRE_MASTER_KEY, or as STRIKEWIRE_MASTER_KEY_PREVIOUS until it is rotated out'
  );
}

function unreadable(reason: string): StrikewireError {
  return new StrikewireError({
    kind: 'fatal',
    code: 'secret_unreadable',
    message: `a stored secret cannot be read: ${reason}`,
  });
}
