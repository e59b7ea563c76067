/** Which way of sealing this is; a later one gets another number beside it. */
export const sealedVersion = 'sw1';

/** What a sealed text starts with, also in SQL. */
export const sealedPrefix = `${sealedVersion}.`;

/** The pieces of a sealed text; both byte strings are nonce, encrypted bytes, tag. */
export interface SealedParts {
  keyId: string;
  /** The data key, under the master key. */
  wrapped: Uint8Array;
  /** The secret, under the data key. */
  body: Uint8Array;
}

/** `sw1.<id of the master key>.<wrapped data key>.<body>`, the last two in base64url. */
const shape = /^sw1\.([0-9a-f]{16})\.([\w-]{80})\.([\w-]{38,87500})$/;

/** Writes the pieces as one line of text. */
export function encodeSealed({ keyId, wrapped, body }: SealedParts): string {
  return `${sealedPrefix}${keyId}.${base64Of(wrapped)}.${base64Of(body)}`;
}

/** Undefined when the text is no sealed one. */
export function decodeSealed(text: string): SealedParts | undefined {
  const [, keyId, wrappedText, bodyText] = shape.exec(text) ?? [];
  if (keyId === undefined || wrappedText === undefined || bodyText === undefined) return undefined;
  const wrapped = bytesOf(wrappedText);
  const body = bytesOf(bodyText);
  return wrapped && body && { keyId, wrapped, body };
}

/** Whether a text is a sealed secret, by its shape alone. */
export function isSealed(text: string): boolean {
  return decodeSealed(text) !== undefined;
}

function base64Of(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}

/** The last letter may carry bits that mean nothing: only the usual spelling is taken. */
function bytesOf(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return base64Of(bytes) === text ? bytes : undefined;
}
