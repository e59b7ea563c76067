/**
 * Questions to a calendar of twelve years, against what they would be otherwise: the local time by
 * Intl and a look into a list by date, which a walk to the next opening would do at each step. CPU
 * time, best of several rounds; and how long compiling takes.
 */
import { createSeededRandom } from '@strikewire/runtime';
import { createCalendar, type PhaseWindow } from '@strikewire/trading-hours';
import { tradingHoursPresets } from '@strikewire/trading-hours/presets';
import { reportBench } from '../../tools/bench/report';

const questions = 400_000;
/** The walks take many times as long. */
const walks = 4_000;
const rounds = 7;
/** Of CPU time: questions a second, and for compiling. */
const targetPerSecond = 1_000_000;
const targetMs = 50;

const range = { from: '2015-01-01', to: '2026-12-31' };
const presets = ['NSE F&O', 'NSE equity', 'MCX non-agri'].map((name) => {
  const preset = tradingHoursPresets.find((one) => one.name === name);
  if (!preset) throw new Error(`no preset is named ${name}`);
  return preset;
});

/** CPU microseconds of a task, the least of the rounds. */
function best(task: () => void): number {
  const samples = Array.from({ length: rounds }, () => {
    const start = process.cpuUsage();
    task();
    const used = process.cpuUsage(start);
    return used.user + used.system;
  });
  return Math.min(...samples);
}

for (const preset of presets) {
  reportBench({
    name: `12 years of ${preset.name} compiled`,
    unit: 'ms',
    value: best(() => createCalendar(preset, range)) / 1_000,
    baseline: targetMs,
  });
}

const [fno] = presets;
if (!fno) throw new Error('the bench has no preset');
const calendar = createCalendar(fno, range);
const random = createSeededRandom(7);
const firstMs = Date.parse('2015-01-02T00:00:00Z');
const spanMs = Date.parse('2026-12-20T00:00:00Z') - firstMs;
const instants = Float64Array.from({ length: questions }, () =>
  firstMs + Math.floor(random.next() * spanMs));

/** Windows of each date that has any, as a list that somebody would keep by hand. */
const byDate = new Map<string, readonly PhaseWindow[]>();
const local = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'Asia/Kolkata', hourCycle: 'h23',
  year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit',
});
for (const date of calendar.tradingDaysBetween('2015-01-01', '2026-12-31')) {
  const windows = calendar.sessionOn(date).sessions.map(({ openMs, closeMs }): PhaseWindow => {
    const [start, end] = [openMs, closeMs].map((atMs) => local.format(atMs).split(', ')[1]);
    return { phase: 'continuous', start: start ?? '', end: end ?? '' };
  });
  byDate.set(date, windows);
}

function isOpenByList(atMs: number): boolean {
  const [date = '', time = ''] = local.format(atMs).split(', ');
  const windows = byDate.get(date) ?? [];
  return windows.some(({ start, end }) => start <= time && time < String(end));
}

let open = 0;
let answers = 0;
const isOpenMicros = best(() => {
  open = 0;
  for (const atMs of instants) if (calendar.isOpen(atMs)) open++;
});
const nextOpenMicros = best(() => {
  answers = 0;
  for (const atMs of instants) if (calendar.nextOpen(atMs) !== undefined) answers++;
});
let openByList = 0;
const listMicros = best(() => {
  openByList = 0;
  for (let index = 0; index < walks; index++) if (isOpenByList(instants[index] ?? 0)) openByList++;
});
const first = instants.subarray(0, walks);
const same = first.reduce((count, atMs) => count + (calendar.isOpen(atMs) ? 1 : 0), 0);
if (answers !== questions || open === 0 || openByList !== same) {
  throw new Error('the bench measured answers that are wrong');
}

const perSecond = (micros: number, count: number): number => count / (micros / 1e6);
const note = `needs ${targetPerSecond.toLocaleString('en-US')}; baseline: Intl and a list by date`;
reportBench({
  name: 'isOpen, 12 years',
  unit: '1/s of CPU',
  value: perSecond(isOpenMicros, questions),
  baseline: perSecond(listMicros, walks),
  note,
});
reportBench({
  name: 'nextOpen, 12 years',
  unit: '1/s of CPU',
  value: perSecond(nextOpenMicros, questions),
  baseline: perSecond(listMicros, walks),
  note: 'baseline: one step of a walk by Intl',
});
