import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { impliedVol, logMoneyness, writeGreeks, type GreekColumns } from './option-kernel';
import { PricingTerms, type PricingModel } from './pricing-terms';
import { ivStatus } from './status';

/** 500 rows whose volatility and Greeks were worked out with 60 digits for exactly that price. */
const rows = readRows(new URL('./fixtures/iv-reference.csv', import.meta.url));
const solvable = rows.filter(({ status }) => status === 'ok');

type Row = Record<string, string>;

const statuses: Record<string, number> = {
  below_intrinsic: ivStatus.belowIntrinsic,
  zero_extrinsic: ivStatus.zeroExtrinsic,
  zero_or_negative_price: ivStatus.zeroPrice,
  above_max: ivStatus.aboveMax,
  expired: ivStatus.expired,
};

const greeks = ['delta', 'gamma', 'theta', 'vega', 'rho'] as const;

function readRows(file: URL): Row[] {
  const [head = '', ...lines] = readFileSync(file, 'utf8').trim().split('\n');
  const names = head.trim().split(',');
  return lines.map((line) => {
    const cells = line.trim().split(',');
    return Object.fromEntries(names.map((name, index) => [name, cells[index] ?? '']));
  });
}

function numberOf(row: Row, name: string): number {
  return Number(row[name]);
}

function termsOf(row: Row): PricingTerms {
  const model: PricingModel = row['model'] === 'bs' ? 'spot' : 'black76';
  const terms = new PricingTerms(model);
  return terms.update(numberOf(row, 'F'), numberOf(row, 'T'), numberOf(row, 'r'));
}

function volOf(row: Row): number {
  const isCall = row['type'] === 'C';
  return impliedVol(termsOf(row), isCall, numberOf(row, 'K'), numberOf(row, 'price'));
}

const describeRow = (row: Row): string => JSON.stringify(row);

describe('against the reference rows', () => {
  it('has rows of both kinds', () => {
    expect(rows).toHaveLength(503);
    expect(solvable.length).toBeGreaterThan(480);
  });

  it('finds the volatility as exactly as the price determines it', () => {
    const off = solvable.filter((row) => {
      const iv = numberOf(row, 'iv');
      const allowed = Math.min(4 * numberOf(row, 'iv_attainable_abs'), 1e-4) + 4e-16 * iv;
      return !(Math.abs(volOf(row) - iv) <= allowed);
    });
    expect(off.map(describeRow)).toEqual([]);
  });

  it('says why there is none', () => {
    const off = rows.filter((row) => {
      const expected = statuses[row['status'] ?? ''];
      return expected !== undefined && volOf(row) !== -expected;
    });
    expect(off.map(describeRow)).toEqual([]);
  });

  it.each(greeks)('has %s at the volatility of the reference', (name) => {
    const column = (): Float64Array => new Float64Array(1);
    const off = solvable.filter((row) => {
      const out: GreekColumns = {
        delta: column(),
        gamma: column(),
        theta: column(),
        vega: column(),
        rho: column(),
      };
      const terms = termsOf(row);
      const s = numberOf(row, 'iv') * terms.sqrtYears;
      const price = numberOf(row, 'price');
      const x = logMoneyness(terms, numberOf(row, 'K'));
      writeGreeks(out, 0, terms, row['type'] === 'C', x, price, s);
      const expected = numberOf(row, name);
      const error = Math.abs((out[name][0] ?? NaN) - expected);
      return !(error <= Math.max(1e-12 * Math.abs(expected), 1e-15 * scaleOf(terms, name)));
    });
    expect(off.map(describeRow)).toEqual([]);
  });
});

/** How large a Greek is for an option at the money. */
function scaleOf(terms: PricingTerms, name: (typeof greeks)[number]): number {
  const { underlying, yearsToExpiry, sqrtYears } = terms;
  const scales = {
    delta: 1,
    gamma: 1 / (underlying * sqrtYears),
    theta: underlying / (365 * sqrtYears),
    vega: underlying * sqrtYears * 0.01,
    rho: underlying * yearsToExpiry * 0.01,
  };
  return scales[name];
}
