import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createContractFinder } from './contract-finder';
import { readMaster } from './instrument-master';

const file = readFileSync(join(import.meta.dirname, '../fixtures/master-detailed.csv'));

async function find(...keys: string[]): Promise<ReadonlyMap<string, unknown>> {
  const finder = createContractFinder(new Set(keys));
  const chunks = async function* () {
    yield new Uint8Array(file);
  };
  for await (const row of readMaster(chunks())) finder.add(row);
  return finder.found;
}

describe('createContractFinder', () => {
  it('finds options by underlying, expiry, strike and type', async () => {
    const found = await find('NSE:NIFTY:2026-09-15:23950:CE', 'NSE:NIFTY:2026-09-15:23950:PE');
    expect(found.get('NSE:NIFTY:2026-09-15:23950:CE')).toEqual({ segment: 'NSE_FNO', id: '47317' });
    expect(found.get('NSE:NIFTY:2026-09-15:23950:PE')).toEqual({ segment: 'NSE_FNO', id: '47318' });
  });

  it('leaves out what the file does not have', async () => {
    const found = await find(
      'NSE:NIFTY:2026-09-16:23950:CE', 'NSE:NIFTY:2026-09-15:23951:CE', 'BSE:NIFTY:2026-09-15:FUT',
    );
    expect(found.size).toBe(0);
  });

  it('finds futures, whose strike is none', async () => {
    const rows = new TextDecoder().decode(file).split('\n').map((line) => line.split(','));
    const header = rows[0] as string[];
    const at = (name: string): number => header.indexOf(name);
    const future = rows.find((row) => row[at('INSTRUMENT')]?.startsWith('FUT')) as string[];
    const [exchange, symbol, expiry] = ['EXCH_ID', 'UNDERLYING_SYMBOL', 'SM_EXPIRY_DATE'].map(
      (name) => future[at(name)],
    );
    const key = `${exchange}:${symbol}:${expiry}:FUT`;
    expect((await find(key)).get(key)).toMatchObject({ id: future[at('SECURITY_ID')] });
  });
});
