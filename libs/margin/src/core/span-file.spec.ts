import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { piecesOf } from './testing/margin-fixture';
import type { RiskFile } from './risk-file';
import { readSpanFile, type RiskFileLimits, type RiskFileOptions } from './span-file';

const text = readFileSync(new URL('fixtures/risk-parameters.xml', import.meta.url), 'utf8');
const utf8 = new TextEncoder();
const all: RiskFileOptions = { exchange: 'NSE', wanted: () => true };

const read = (document: string, options = all, size = 4_096): Promise<RiskFile> =>
  readSpanFile(piecesOf(utf8.encode(document), size), options);

const call = 'NSE:NIFTY:2026-06-30:23700:CE';

describe('readSpanFile', () => {
  it('reads what the file says of itself', async () => {
    const { underlyings, warnings, ...head } = await read(text);
    expect(head).toEqual({
      exchange: 'NSE',
      businessDate: '2026-05-29',
      created: '202605291830',
      isSettlement: true,
    });
    expect([...underlyings.keys()]).toEqual(['NIFTY', 'M&M']);
    expect(warnings).toEqual([]);
  });

  it('reads contracts under their canonical keys, in paise', async () => {
    const { underlyings } = await read(text);
    const nifty = underlyings.get('NIFTY')!;
    expect(nifty.contracts.size).toBe(10);
    expect(nifty.spotPaise).toBe(2_354_775);
    const found = nifty.contracts.get(call)!;
    expect(found.pricePaise).toBe(43_765);
    expect(found.array).toHaveLength(16);
    expect(found.array[10]).toBe(-174_194);
    expect(found.delta).toBe(0.4871);
    const future = nifty.contracts.get('NSE:NIFTY:2026-06-30:FUT')!;
    // 9.31 % of its price, as the floor of 9.3 % has it; the extremes are 0.35 × 2 of it.
    expect([...future.array.slice(10)]).toEqual([
      -221_108, -221_108, 221_108, 221_108, -154_776, 154_776,
    ]);
    expect(future.delta).toBe(1);
  });

  it('reads calendar spreads and the short option minimum', async () => {
    const nifty = (await read(text)).underlyings.get('NIFTY')!;
    const expiries = ['2026-06-30', '2026-07-28'];
    expect(nifty.spreads).toEqual([{ expiries, ratios: [1, 1], ratePaise: 42_000 }]);
    expect(nifty.shortOptionMinimumPaise).toBe(0);
    const dearer = text.replace('<val>0.00</val>', '<val>7.50</val>');
    expect((await read(dearer)).underlyings.get('NIFTY')!.shortOptionMinimumPaise).toBe(750);
  });

  it('sorts spreads by priority', async () => {
    const first = /<dSpread>[\s\S]*<\/dSpread>/.exec(text)![0];
    const earlier = first.replace('<spread>1<', '<spread>0<').replace('420.00', '425.00');
    const found = await read(text.replace(first, `${first}${earlier}`));
    expect(found.underlyings.get('NIFTY')!.spreads.map((one) => one.ratePaise)).toEqual([
      42_500, 42_000,
    ]);
  });

  it('reads the same in pieces of any size', async () => {
    const whole = await read(text);
    for (const size of [1, 7, 1_000, 1_000_000]) expect(await read(text, all, size)).toEqual(whole);
  });

  it('keeps only what is wanted, and passes over what is broken elsewhere', async () => {
    const broken = text.replace('<p>704.23</p>', '<p>none</p>');
    const wanted = (symbol: string): boolean => symbol === 'NIFTY';
    const found = await read(broken, { ...all, wanted });
    expect([...found.underlyings.keys()]).toEqual(['NIFTY']);
    await expect(read(broken)).rejects.toThrow(/price of M&M 2026-06-30 "none"/);
  });

  it('leaves out a spread of another kind, and says so', async () => {
    const found = await read(text.replace('<chargeMeth>F<', '<chargeMeth>W<'));
    expect(found.underlyings.get('NIFTY')!.spreads).toEqual([]);
    expect(found.warnings).toEqual([expect.stringMatching(/NIFTY: spread 1 with method "W"/)]);
  });

  it.each([
    [/4\.00/, '3.00', /fileFormat "3.00", needs 4.00/],
    [/<fileFormat>.*?<\/fileFormat>/, '', /no fileFormat/],
    [/<date>20260529/, '<date>20260532', /date of business "20260532"/],
    [/<date>.*?<\/date>/, '', /no date of business/],
    [/spanFile>/g, 'other>', /root "other", needs spanFile/],
    [/<cvf>1\.00/g, '<cvf>50.00', /contract factor 50.00 of NIFTY/],
    [/<a>-100\.00<\/a>/, '', /15 scenarios of M&M/],
    [/<a>-100\.00<\/a>/, '<a>1</a><a>2</a>', /over 16 scenarios/],
    [/<a>-100\.00<\/a>/, '<a>-3.4e38</a>', /scenario of M&M 2026-06-30 "-3.4e38"/],
    [/<d>1\.0000<\/d>/, '<d>2</d>', /composite delta 2/],
    [/<o>C<\/o>/, '<o>X</o>', /option side "X"/],
    [/<k>23700\.00<\/k>/, '<k></k>', /strike of NIFTY 2026-06-30 ""/],
    [/<val>420\.00/, '<val>-420', /rate -420 of spread 1/],
    [/<i>1\.0000/, '<i>0', /ratio 0 of spread 1/],
    [/<pfCode>NIFTY<\/pfCode>\s*<exercise>/, '<exercise>', /before its pfCode/],
  ])('refuses a file in which %s is "%s"', async (pattern, by, message) => {
    const refusal = read(text.replace(pattern, by));
    await expect(refusal).rejects.toThrow(message);
    await expect(refusal).rejects.toMatchObject({ kind: 'invalid', code: 'risk_file_invalid' });
  });

  it('refuses a file that ends too early', async () => {
    await expect(read(text.slice(0, 5_000))).rejects.toMatchObject({ code: 'risk_file_malformed' });
  });

  it.each<[Partial<RiskFileLimits>, RegExp]>([
    [{ bytesMax: 1_000 }, /over 1000 bytes/],
    [{ contractsMax: 5 }, /over 5 contracts/],
    [{ spreadsMax: 0 }, /over 0 spreads/],
    [{ depthMax: 4 }, /inside 4 others/],
  ])('refuses what is over %o', async (limits, message) => {
    await expect(read(text, { ...all, limits })).rejects.toThrow(message);
  });

  it('refuses bytes that are no text', async () => {
    const bytes = utf8.encode(text);
    bytes[500] = 0xff;
    await expect(readSpanFile(piecesOf(bytes, 100), all)).rejects.toThrow(/needs UTF-8/);
  });

  it('names a contract that is there twice', async () => {
    const series = /<series>[\s\S]*<\/series>/.exec(text)![0];
    const { warnings, underlyings } = await read(text.replace(series, `${series}${series}`));
    expect(warnings).toHaveLength(8);
    expect(underlyings.get('NIFTY')!.contracts.size).toBe(10);
  });
});
