import { randomBytes } from 'node:crypto';

/** What a suite uses of the run's Redis. */
export interface RedisPlace {
  readonly url: string;
  /** Of the suite's own: all its keys start with it. */
  readonly prefix: string;
}

/**
 * The Redis server of this test run, started when the first suite asks (about 0.1 s, or 5 s where
 * it has to be fetched once). Rejects with one line when there is none.
 */
export async function testRedis(): Promise<RedisPlace> {
  const url = (process.env['TEST_REDIS_URL'] ??= await startedUrl());
  return { url, prefix: `test-${randomBytes(6).toString('hex')}` };
}

async function startedUrl(): Promise<string> {
  const starter = process.env['TEST_REDIS_STARTER'];
  if (starter === undefined) {
    throw new Error('TEST_REDIS_STARTER is not set: run this suite with `npm test` or vitest');
  }
  const answer = await fetch(starter);
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return text;
}
