import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { errorKindOf, errorMessageOf, StrikewireError } from '@strikewire/runtime';
import type { RiskFile } from '../core/risk-file';
import { readSpanFile, type RiskFileOptions } from '../core/span-file';

/** As they are sent; unpacked the file's own bounds count. */
export const uploadBytesMax = 256 * 1024 * 1024;

/**
 * Reads a risk file as it comes, unpacked where it is in gzip. Whatever is wrong with the bytes is
 * `invalid`. What is left of a source that was refused runs off unread, so that its sender sees
 * the answer.
 */
export async function readRiskFileBytes(
  source: Readable,
  options: RiskFileOptions,
  bytesMax = uploadBytesMax,
): Promise<RiskFile> {
  const pieces = source.iterator({ destroyOnReturn: false }) as AsyncIterator<Uint8Array>;
  try {
    const first = await pieces.next();
    const head = first.done ? new Uint8Array() : first.value;
    if (head.length === 0) refuse('empty', 'the body is empty, needs a risk file');
    if (head[0] === 0x50 && head[1] === 0x4b) {
      refuse('packed', 'the file is a zip archive, needs the XML in it, as it is or in gzip');
    }
    const bytes = counted(head, pieces, bytesMax);
    const isPacked = head[0] === 0x1f && head[1] === 0x8b;
    return await readSpanFile(isPacked ? unpacked(bytes) : bytes, options);
  } catch (thrown) {
    await pieces.return?.();
    source.resume();
    if (errorKindOf(thrown) !== 'assertion') throw thrown;
    const reason = errorMessageOf(thrown);
    return refuse('broken', `the upload broke off or cannot be unpacked: ${reason}`, thrown);
  }
}

async function* counted(
  head: Uint8Array,
  rest: AsyncIterator<Uint8Array>,
  bytesMax: number,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for (let piece = head; ; ) {
    bytes += piece.length;
    if (bytes > bytesMax) refuse('too_large', `over ${bytesMax} bytes were sent, needs fewer`);
    yield piece;
    const next = await rest.next();
    if (next.done) return;
    piece = next.value;
  }
}

/** Ends with the source, and with what fails in it. */
async function* unpacked(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip();
  const source = Readable.from(bytes);
  source.on('error', (error) => gunzip.destroy(error));
  source.pipe(gunzip);
  try {
    for await (const piece of gunzip) yield piece as Uint8Array;
  } finally {
    source.destroy();
    gunzip.destroy();
  }
}

function refuse(code: string, message: string, cause?: unknown): never {
  throw new StrikewireError({ kind: 'invalid', code: `risk_file_${code}`, message, cause });
}
