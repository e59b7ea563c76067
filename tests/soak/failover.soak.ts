/**
 * `npm run soak failover`: every row of the table of failures five times over real sockets
 * (`--rounds N` for another number, `--only text` for rows with that in their name). Prints how
 * long each took against its limit, with `--json` one object per line and nothing else, and ends
 * with an error when a limit was passed or anything else was wrong.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { setup } from '../../tools/services/postgres-setup';
import { measureRow, type RowOutcome } from '../support/failover-measure';
import { edgeRows, failoverRows, type FailoverRow } from '../support/failover-rows';
import { FailoverStage } from '../support/failover-stage';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    only: { type: 'string', default: '' },
    json: { type: 'boolean', default: false },
  },
});
// npm takes `npm run soak failover --json` as an option of its own and passes it on like this.
const isJson = values.json || process.env['npm_config_json'] === 'true';
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds needs a number from 1');
const { only } = values;
const rows = [...failoverRows, ...edgeRows].filter(({ name }) => name.includes(only));
if (rows.length === 0) throw new Error(`--only: no row has "${only}" in its name`);

/** A broker counts refused connections by the minute, and tokens do not end as often. */
const refusedRestMs = 20_000;

const line = (name: string, cells: readonly string[]): string =>
  `${name.padEnd(52)}${cells.map((cell) => cell.padStart(10)).join('')}`;

function figuresOf(took: readonly number[]): { min: number; median: number; max: number } {
  const sorted = took.toSorted((one, other) => one - other);
  const at = (share: number): number =>
    sorted[Math.floor(share * (sorted.length - 1))] ?? Infinity;
  return { min: at(0), median: at(0.5), max: at(1) };
}

function tell({ name, limitMs }: FailoverRow, outcomes: readonly RowOutcome[]): void {
  const figures = figuresOf(outcomes.map(({ tookMs }) => tookMs));
  const doubts = outcomes.flatMap((one) => one.doubts);
  if (isJson) {
    const { length } = outcomes;
    console.log(JSON.stringify({ name, unit: 'ms', rounds: length, ...figures, limitMs, doubts }));
    return;
  }
  const cells = [figures.min, figures.median, figures.max, limitMs ?? '-'].map(String);
  console.log(line(name, [...cells, doubts.length === 0 ? 'ok' : 'FAILED']));
  for (const doubt of doubts) console.log(`  ! ${doubt}`);
}

async function soak(stage: FailoverStage): Promise<boolean> {
  if (!isJson) console.log(line('ms', ['min', 'median', 'max', 'limit', '']));
  let isUsed = false;
  let isWell = true;
  for (const row of rows) {
    const outcomes: RowOutcome[] = [];
    for (let round = 0; round < rounds; round++) {
      if (isUsed) await stage.reset();
      isUsed = true;
      const isRefusal = row.told?.causes.some((one) => one === 'auth' || one === 'suspended');
      if (isRefusal && round > 0) await wait(refusedRestMs);
      outcomes.push(await measureRow(stage, row));
    }
    tell(row, outcomes);
    isWell &&= outcomes.every(({ doubts }) => doubts.length === 0);
  }
  return isWell;
}

const stopDatabase = await setup();
const stage = await FailoverStage.open();
try {
  process.exitCode = (await soak(stage)) ? 0 : 1;
} finally {
  // Rejects when the broker has counted a breach.
  await stage.close();
  await stopDatabase?.();
}
