import { describe, expect, it } from 'vitest';
import { jsonLine, tableRow } from './report';

describe('jsonLine', () => {
  it('works out the ratio', () => {
    const line = jsonLine({ name: 'ingest', unit: 'packets/s', value: 6, baseline: 4 });
    const parsed: unknown = JSON.parse(line);
    expect(parsed).toEqual({
      name: 'ingest',
      unit: 'packets/s',
      value: 6,
      baseline: 4,
      ratio: 1.5,
    });
  });

  it('keeps a ratio that is given, and has null for what is not known', () => {
    const given = { name: 'a', unit: 'ms', value: 2, baseline: 8, ratio: 4 };
    expect(JSON.parse(jsonLine(given))).toMatchObject({ ratio: 4 });
    const alone = jsonLine({ name: 'a', unit: 'ms', value: 2 });
    expect(JSON.parse(alone)).toMatchObject({ baseline: null, ratio: null });
    const byZero = jsonLine({ name: 'a', unit: 'ms', value: 2, baseline: 0 });
    expect(JSON.parse(byZero)).toMatchObject({ baseline: 0, ratio: null });
  });
});

describe('tableRow', () => {
  it('shows the numbers in columns', () => {
    const result = { name: 'ingest', unit: 'packets/s', value: 4_123_456, baseline: 8_000_000 };
    const cells = tableRow({ ...result, note: 'best of 5' }).split(/ {2,}/);
    const numbers = ['4,123,456', '8,000,000', '0.5154'];
    expect(cells).toEqual(['ingest', ...numbers, 'packets/s', '(best of 5)']);
  });
});
