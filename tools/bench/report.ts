/** One measurement beside what it is measured against. */
export interface BenchResult {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  readonly baseline?: number;
  /** `value / baseline` when left out. */
  readonly ratio?: number;
  /** What a reader needs to judge the number; only the table shows it. */
  readonly note?: string;
}

let headed = false;

/**
 * Prints a measurement: a row of a table, or with `npm run bench -- --json` one JSON object per
 * line. Measurements without a baseline have null there.
 */
export function reportBench(result: BenchResult): void {
  if (process.env['STRIKEWIRE_BENCH_JSON'] === '1') {
    console.log(jsonLine(result));
    return;
  }
  if (!headed) console.log(row('measurement', ['value', 'baseline', 'ratio'], 'unit'));
  headed = true;
  console.log(tableRow(result));
}

/** The line of a measurement for programs. */
export function jsonLine({ name, unit, value, baseline, ratio }: BenchResult): string {
  const known = ratio ?? ratioOf(value, baseline) ?? null;
  return JSON.stringify({ name, unit, value, baseline: baseline ?? null, ratio: known });
}

/** The row of a measurement for people. */
export function tableRow({ name, unit, value, baseline, ratio, note }: BenchResult): string {
  const numbers = [value, baseline, ratio ?? ratioOf(value, baseline)].map(show);
  return row(name, numbers, note === undefined ? unit : `${unit}  (${note})`);
}

function row(name: string, numbers: readonly string[], unit: string): string {
  const cells = numbers.map((text) => text.padStart(14));
  return `${name.padEnd(36)}${cells.join('')}  ${unit}`;
}

function ratioOf(value: number, baseline: number | undefined): number | undefined {
  return baseline === undefined || baseline === 0 ? undefined : value / baseline;
}

/** Four digits that mean something, without exponents for large numbers. */
function show(value: number | undefined): string {
  if (value === undefined) return '-';
  const size = Math.abs(value);
  if (size >= 1_000) return Math.round(value).toLocaleString('en-US');
  return size === 0 ? '0' : value.toPrecision(4);
}
