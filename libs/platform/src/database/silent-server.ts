import { Socket } from 'node:net';
import type { Client } from 'pg';

/**
 * Ends a connection on which something was asked and nothing was heard for that long. A network
 * that drops everything closes nothing: whoever has asked, and all who wait for the same connection
 * or turn, would wait for ever.
 */
export function endWhenSilent({ connection }: Client, silentMs: number): void {
  const { stream } = connection;
  if (!(stream instanceof Socket)) return;
  let answeredBytes = stream.bytesWritten;
  stream.on('data', () => (answeredBytes = stream.bytesWritten));
  // Counted from the last byte in either direction; what is idle has nothing to be answered.
  stream.setTimeout(silentMs, () => {
    if (stream.bytesWritten > answeredBytes) stream.destroy(silence(silentMs));
  });
}

function silence(silentMs: number): Error {
  const error = new Error(`the database has said nothing for ${silentMs / 1_000} s`);
  return Object.assign(error, { code: 'ETIMEDOUT' });
}
