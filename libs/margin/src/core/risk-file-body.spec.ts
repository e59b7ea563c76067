import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RiskFile } from './risk-file';
import { riskFileBody, riskFileOf, type RiskFileBody } from './risk-file-body';
import { readSpanFile } from './span-file';
import { piecesOf } from './testing/margin-fixture';

let file: RiskFile;
const stored = (): RiskFileBody => JSON.parse(JSON.stringify(riskFileBody(file))) as RiskFileBody;

beforeAll(async () => {
  const bytes = readFileSync(new URL('fixtures/risk-parameters.xml', import.meta.url));
  file = await readSpanFile(piecesOf(bytes, 4_096), { exchange: 'NSE', wanted: () => true });
});

describe('riskFileBody', () => {
  it('comes back as it was', () => {
    expect(riskFileOf(stored())).toEqual(file);
  });

  it.each<[string, (body: RiskFileBody) => unknown, RegExp]>([
    ['another layout', (body) => ({ ...body, version: 2 }), /layout 2, needs layout 1/],
    ['no day', (body) => ({ ...body, businessDate: '' }), /no date of business/],
    [
      'a scenario that is missing',
      (body) => (body.underlyings[0]!.contracts[0]!.pop(), body),
      /17 figures of NSE:.*, needs 18 numbers/,
    ],
    [
      'a figure that is none',
      (body) => ((body.underlyings[0]!.contracts[0]![3] = null as never), body),
      /needs 18 numbers/,
    ],
    [
      'a symbol that is none',
      (body) => ((body.underlyings[0]!.symbol = ''), body),
      /without a symbol/,
    ],
  ])('is refused with %s', (_name, change, message) => {
    expect(() => riskFileOf(change(stored()) as RiskFileBody)).toThrow(message);
  });
});
