import type { Clock } from '@strikewire/runtime';

const gzipMagic = [0x1f, 0x8b];

/**
 * Unpacks gzip as it arrives; what is not gzip passes as it is. Unpacking takes no time by the
 * clock, so that a virtual one waits for it, but not for chunks that are still to come.
 */
export async function* gunzip(
  chunks: AsyncIterable<Uint8Array>,
  clock: Clock,
): AsyncIterable<Uint8Array> {
  const source = chunks[Symbol.asyncIterator]();
  const first = await source.next();
  if (first.done) return;
  const all = startingWith(first.value, source);
  if (gzipMagic.some((byte, index) => first.value[index] !== byte)) return yield* all;
  yield* unpack(all, clock);
}

async function* startingWith(
  first: Uint8Array,
  rest: AsyncIterator<Uint8Array>,
): AsyncIterable<Uint8Array> {
  try {
    yield first;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

async function* unpack(
  chunks: AsyncIterable<Uint8Array>,
  clock: Clock,
): AsyncIterable<Uint8Array> {
  const { readable, writable } = new DecompressionStream('gzip');
  const writer = writable.getWriter();
  const reader = readable.getReader();
  let isRead = (): void => {};
  const allRead = new Promise<void>((resolve) => (isRead = resolve));
  const feeding = (async () => {
    for await (const chunk of chunks) {
      await clock.track(writer.write(chunk as Uint8Array<ArrayBuffer>));
    }
    void clock.track(allRead);
    await writer.close();
  })();
  // What goes wrong at the source goes wrong for the reader, too.
  feeding.catch((cause: unknown) => writer.abort(cause).catch(() => undefined));
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
    await feeding;
  } finally {
    isRead();
    await reader.cancel().catch(() => undefined);
  }
}
