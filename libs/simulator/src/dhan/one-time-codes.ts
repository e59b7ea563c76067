const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const stepMs = 30_000;

/** Codes of authenticator apps (RFC 6238 as these use it: SHA-1, steps of 30 s, six digits). */
export interface OneTimeCodes {
  /** True once for each code; one step before and after now counts, as clocks differ. */
  take(clientId: string, secret: string, code: string, wallMs: number): Promise<boolean>;
}

export function createOneTimeCodes(): OneTimeCodes {
  /** The newest step of each client that a code was taken of: none is good twice. */
  const taken = new Map<string, number>();
  return {
    async take(clientId, secret, code, wallMs) {
      const now = Math.floor(wallMs / stepMs);
      const steps = [now, now - 1, now + 1];
      const codes = await Promise.all(steps.map((step) => codeOf(secret, step)));
      const last = taken.get(clientId) ?? -Infinity;
      const step = steps.find((one, index) => one > last && codes[index] === code);
      if (step !== undefined) taken.set(clientId, step);
      return step !== undefined;
    },
  };
}

/** Six digits of a step (RFC 4226, section 5.3). */
export async function codeOf(secret: string, step: number): Promise<string> {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const how = { name: 'HMAC', hash: 'SHA-1' };
  const key = await crypto.subtle.importKey('raw', bytesOf(secret), how, false, ['sign']);
  const hash = Buffer.from(await crypto.subtle.sign('HMAC', key, counter));
  const at = (hash.at(-1) ?? 0) % 16;
  return String((hash.readUInt32BE(at) % 2 ** 31) % 1_000_000).padStart(6, '0');
}

/** Base32 (RFC 4648) without padding. */
function bytesOf(secret: string): Uint8Array<ArrayBuffer> {
  const bits = [...secret].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0'));
  const octets = bits.join('').match(/.{8}/g) ?? [];
  return Uint8Array.from(octets.map((octet) => Number.parseInt(octet, 2)));
}
