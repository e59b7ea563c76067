import type { HttpSend } from '@strikewire/client';

const timeoutMs = 5_000;
const bytesMax = 64 * 1024;

/**
 * Whether the platform at `origin` answers, and has the console's start page, which it lacks for a
 * moment while it is updated; never rejects.
 */
export function isUp(http: HttpSend, origin: string): Promise<boolean> {
  const url = `${origin}/index.html`;
  return http
    .send({ method: 'GET', url, timeoutMs, bytesMax })
    .then(({ status }) => status === 200, () => false);
}
