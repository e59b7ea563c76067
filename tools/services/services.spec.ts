import { Client } from 'pg';
import { describe, expect, it } from 'vitest';
import { launchChromium } from './chromium';
import { createTestDatabase } from './database';

async function count(url: string, sql: string): Promise<number | null> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rowCount;
  } finally {
    await client.end();
  }
}

describe('createTestDatabase', () => {
  it('gives each suite an empty database and drops it while it is in use', async () => {
    const [first, second] = await Promise.all([createTestDatabase(), createTestDatabase()]);
    await count(first.url, 'create table only_here (n int)');
    const find = `select 1 from pg_tables where tablename = 'only_here'`;
    expect(await count(first.url, find)).toBe(1);
    expect(await count(second.url, find)).toBe(0);
    const open = new Client({ connectionString: first.url });
    open.on('error', () => undefined);
    await open.connect();
    await first.drop();
    await expect(count(first.url, 'select 1')).rejects.toThrow(/does not exist/);
    await second.drop();
  });
});

describe('launchChromium', () => {
  it('opens a page that runs scripts', async () => {
    const browser = await launchChromium();
    try {
      const page = await browser.newPage();
      await page.setContent('<p id="sum"></p><script>sum.textContent = 20 + 22</script>');
      expect(await page.textContent('#sum')).toBe('42');
    } finally {
      await browser.close();
    }
  });
});
