import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

/** An empty database of a suite's own. */
export interface TestDatabase {
  readonly url: string;
  /** Removes it, open connections included. */
  drop(): Promise<void>;
}

/**
 * Creates an empty database on the server of this test run (about 15 ms). Rejects when there is
 * none: run the suite through the workspace's vitest configuration.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = process.env['TEST_DATABASE_URL'];
  if (server === undefined) {
    throw new Error('TEST_DATABASE_URL is not set: run this suite with `npm test` or vitest');
  }
  const name = `strikewire_test_${randomBytes(8).toString('hex')}`;
  await query(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => query(server, `drop database ${name} with (force)`) };
}

async function query(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
