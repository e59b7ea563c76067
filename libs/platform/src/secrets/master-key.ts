import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { StrikewireError } from '@strikewire/runtime';

/** A key that wraps the keys of secrets. Printing it shows its id alone. */
export interface MasterKey {
  /** Derived from the key, one way: 16 hex digits. */
  readonly id: string;
  readonly key: KeyObject;
}

/** The key that new secrets get, and those that older ones may still be under. */
export interface MasterKeys {
  readonly current: MasterKey;
  readonly previous?: readonly MasterKey[];
}

/** How many bytes a master key has. */
export const masterKeyBytes = 32;

/** For messages: a command that prints a master key. */
export const howToMakeKey = '`openssl rand -base64 32` prints one';

/**
 * A master key of its bytes, with the id by which sealed texts name it.
 * @throws StrikewireError `fatal` when it is not 32 bytes long
 */
export function masterKeyOf(bytes: Uint8Array): MasterKey {
  if (bytes.length !== masterKeyBytes) {
    throw malformed('a master key', `${bytes.length} bytes were given`);
  }
  const id = createHmac('sha256', bytes).update('strikewire master key id').digest('hex');
  return { id: id.slice(0, 16), key: createSecretKey(bytes) };
}

/**
 * Reads a master key as people write it: 32 bytes in base64 or hex.
 * @param name what the message calls it: the variable or the file
 * @throws StrikewireError `fatal`, which never shows what was given
 */
export function parseMasterKey(text: string, name: string): MasterKey {
  const given = text.trim();
  if (/^[0-9a-f]{64}$/i.test(given)) return masterKeyOf(Buffer.from(given, 'hex'));
  // Both alphabets, with or without padding; 43 letters carry 32 bytes and two bits.
  if (/^[\w+/-]{43}=?$/.test(given)) return masterKeyOf(Buffer.from(given, 'base64'));
  throw malformed(name, `${given.length} characters that are neither were given`);
}

function malformed(name: string, found: string): StrikewireError {
  return new StrikewireError({
    kind: 'fatal',
    code: 'master_key_malformed',
    message: `${name} needs ${masterKeyBytes} bytes as base64 or hex, ${found}: ${howToMakeKey}`,
  });
}
