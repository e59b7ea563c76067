/** RFC 4648; what is read aloud and typed in may have spaces, and small letters. */
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const stepMs = 30_000;
const digits = 6;

/** The one-time code of an instant (RFC 6238: SHA-1, 30 s, six digits). */
export async function totpAt(secret: string, atMs: number): Promise<string> {
  const counter = new DataView(new ArrayBuffer(8));
  counter.setBigUint64(0, BigInt(Math.floor(atMs / stepMs)));
  const how = { name: 'HMAC', hash: 'SHA-1' };
  const { subtle } = globalThis.crypto;
  const key = await subtle.importKey('raw', keyOf(secret), how, false, ['sign']);
  const hash = new DataView(await subtle.sign(how.name, key, counter));
  // RFC 4226, 5.3: the last four bits say where the 31 bits of the code begin.
  const offset = hash.getUint8(hash.byteLength - 1) & 0x0f;
  const code = hash.getUint32(offset) & 0x7f_ff_ff_ff;
  return String(code % 10 ** digits).padStart(digits, '0');
}

/** Base32; bits that do not fill a byte are padding. */
function keyOf(secret: string): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const letter of secret.toUpperCase()) {
    const value = alphabet.indexOf(letter);
    if (value < 0) continue;
    held = ((held << 5) | value) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((held >> bits) & 0xff);
  }
  return Uint8Array.from(bytes);
}
