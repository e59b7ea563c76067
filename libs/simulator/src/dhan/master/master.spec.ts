import { describe, expect, it } from 'vitest';
import { createHarness, type Harness } from '../../testing/harness';

const detailedPath = '/api-data/api-scrip-master-detailed.csv';

async function rowsOf(harness: Harness, path: string): Promise<Record<string, string>[]> {
  const [header = '', ...lines] = (await harness.call('GET', path)).text.trimEnd().split('\n');
  const names = header.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    if (cells.length !== names.length) throw new Error(`row has ${cells.length} cells: ${line}`);
    return Object.fromEntries(names.map((name, index) => [name, cells[index] ?? '']));
  });
}

describe('instrument master', () => {
  it('has the header of the detailed file, trailing comma included', async () => {
    const { text } = await createHarness().call('GET', detailedPath);
    const header = text.slice(0, text.indexOf('\n'));
    expect(header).toMatch(/^EXCH_ID,SEGMENT,SECURITY_ID,ISIN,INSTRUMENT,UNDERLYING_SECURITY_ID,/);
    expect(header).toMatch(/,MTF_LEVERAGE,SM_UPPER_LIMIT,SM_LOWER_LIMIT,SM_FREEZE_QTY,$/);
    expect(header.split(',').length).toBe(33);
  });

  it('lists every option of every chain under the id that the chain gives', async () => {
    const harness = createHarness();
    const rows = await rowsOf(harness, detailedPath);
    const { market } = harness.simulator;
    const nifty = market.underlying('NIFTY');
    const chain = nifty && market.chain(nifty, '2026-12-01');
    const listed = rows.filter((row) =>
      row['UNDERLYING_SYMBOL'] === 'NIFTY' && row['SM_EXPIRY_DATE'] === '2026-12-01');
    expect(listed.length).toBe(2 * (chain?.strikesPaise.length ?? 0));
    expect(listed[0]).toMatchObject({
      SECURITY_ID: String(chain?.firstId), INSTRUMENT: 'OPTIDX', UNDERLYING_SECURITY_ID: '26000',
      LOT_SIZE: '65.0', TICK_SIZE: '5.0000', OPTION_TYPE: 'CE', EXPIRY_FLAG: 'W',
      SYMBOL_NAME: `NIFTY-Dec2026-${(chain?.strikesPaise[0] ?? 0) / 100}-CE`,
      STRIKE_PRICE: ((chain?.strikesPaise[0] ?? 0) / 100).toFixed(5), SM_FREEZE_QTY: '1756',
    });
  });

  it('keeps the traps: mnemonics, other ids, twins, test rows, futures at -0.01', async () => {
    const rows = await rowsOf(createHarness(), detailedPath);
    const some = (fits: (row: Record<string, string>) => boolean): boolean => rows.some(fits);
    expect(some((row) => row['UNDERLYING_SYMBOL'] === 'SENSEX' && row['SYMBOL_NAME'] === 'BSXOPT'))
      .toBe(true);
    const isShare = (row: Record<string, string>): boolean => row['INSTRUMENT'] === 'OPTSTK';
    expect(some((row) => isShare(row) && row['UNDERLYING_SECURITY_ID'] === '2885')).toBe(true);
    expect(some((row) => isShare(row) && row['EXCH_ID'] === 'BSE')).toBe(true);
    expect(some((row) => (row['SYMBOL_NAME'] ?? '').includes('NSETEST'))).toBe(true);
    expect(some((row) => row['INSTRUMENT'] === 'FUTIDX' && row['STRIKE_PRICE'] === '-0.01000'))
      .toBe(true);
    expect(some((row) => row['UNDERLYING_SYMBOL'] === 'M&M')).toBe(true);
  });

  it('has the compact columns, with a time of day in the expiry', async () => {
    const rows = await rowsOf(createHarness(), '/api-data/api-scrip-master.csv');
    expect(Object.keys(rows[0] ?? {})).toHaveLength(16);
    expect(rows[0]).toMatchObject({ SEM_SEGMENT: 'I', SEM_SMST_SECURITY_ID: '13' });
    const option = rows.find((row) => row['SEM_INSTRUMENT_NAME'] === 'OPTIDX');
    expect(option?.['SEM_EXPIRY_DATE']).toBe('2026-11-23 14:30:00');
    expect(option?.['SM_SYMBOL_NAME']).toBe('');
  });

  it('lies about expiries when told to, and the expiry list does not', async () => {
    const harness = createHarness();
    const { faults } = harness.simulator;
    faults.add({ kind: 'falseMasterExpiries', shiftDays: 3, underlying: 'NIFTY' });
    const rows = await rowsOf(harness, detailedPath);
    const dates = (symbol: string): Set<string | undefined> => new Set(rows
      .filter((row) => row['UNDERLYING_SYMBOL'] === symbol && row['INSTRUMENT'] === 'OPTIDX')
      .map((row) => row['SM_EXPIRY_DATE']));
    expect(dates('NIFTY')).toContain('2026-11-26');
    expect(dates('NIFTY')).not.toContain('2026-11-23');
    expect(dates('BANKNIFTY')).toContain('2026-11-23');
    const nifty = harness.simulator.market.underlying('NIFTY');
    expect(nifty && harness.simulator.market.expiries(nifty)[0]).toBe('2026-11-23');
  });

  it('sends callers of a segment to a file of that segment', async () => {
    const harness = createHarness();
    const redirect = await harness.call('GET', '/v2/instrument/BSE_FNO');
    expect(redirect.status).toBe(302);
    const rows = await rowsOf(harness, redirect.headers['location'] ?? '');
    expect(rows.length).toBeGreaterThan(100);
    expect(rows.every((row) => row['EXCH_ID'] === 'BSE' && row['SEGMENT'] === 'D')).toBe(true);
    expect((await harness.call('GET', '/v2/instrument/NOWHERE')).status).toBe(404);
  });
});
