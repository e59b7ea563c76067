/**
 * Implied volatility and Greeks against the cheapest thing there is to compare with, our own
 * evaluation of one Black price, and against a package from npm; then a whole chain at a move of
 * its forward. CPU time, best of several rounds that take turns.
 */
import { LegBatch, PricingTerms } from '@strikewire/pricing';
import { reportBench } from '../../tools/bench/report';
import {
  float64,
  makeChain,
  makeFigures,
  makeOptions,
  percentOff,
  priceAll,
  seedsOf,
  solveAll,
  solveByPackage,
  solveWithGreeks,
  type OptionSet,
} from './pricing-set-batch';

const optionCount = 100_000;
/** The package takes many times as long. */
const packageCount = 20_000;
const rounds = 15;
const chainStrikes = 100;
const chainMoves = 2_000;
/** Off by more than this, a volatility is wrong on any screen: a tenth of a point. */
const wrongFrom = 0.001;

/** Microseconds of the process's own CPU time. */
function cpuMicros(run: () => void): number {
  const start = process.cpuUsage();
  run();
  const used = process.cpuUsage(start);
  return used.user + used.system;
}

/** Best CPU microseconds of each, in rounds that take turns. */
function bestOf<const Runs extends ReadonlyArray<() => void>>(
  runs: Runs,
): { [Index in keyof Runs]: number } {
  const best = runs.map(() => Infinity);
  for (let round = 0; round < rounds; round++) {
    runs.forEach((run, index) => {
      best[index] = Math.min(best[index] ?? Infinity, cpuMicros(run));
    });
  }
  return best as { [Index in keyof Runs]: number };
}

function reportRatios(set: OptionSet, label: string): void {
  const figures = makeFigures(set.count);
  const none = float64(set.count).fill(NaN);
  const seeds = seedsOf(set);
  const [price, cold, greeks, warm] = bestOf([
    () => priceAll(set, figures.ivPercent),
    () => solveAll(set, figures.ivPercent),
    () => solveWithGreeks(set, none, figures),
    () => solveWithGreeks(set, seeds, figures),
  ]);
  const note = 'against one Black price';
  const report = (name: string, micros: number): void =>
    reportBench({
      name: `${name}, ${label}`,
      unit: 'ns/option',
      value: (1e3 * micros) / set.count,
      baseline: (1e3 * price) / set.count,
      note,
    });
  report('IV', cold);
  report('IV + Greeks', greeks);
  report('warm IV + Greeks', warm);
}

function reportPackage(set: OptionSet): void {
  const ours = float64(set.count);
  const theirs = float64(set.count);
  const [ourMicros, theirMicros] = bestOf([
    () => solveAll(set, ours),
    () => solveByPackage(set, theirs),
  ]);
  reportBench({
    name: 'IV vs @uqee/black-scholes',
    unit: 'options/CPU-s',
    value: (1e6 * set.count) / ourMicros,
    baseline: (1e6 * set.count) / theirMicros,
  });
  const share = (name: string, limit: number): void =>
    reportBench({
      name,
      unit: '% of options',
      value: percentOff(set, ours, limit),
      baseline: percentOff(set, theirs, limit),
    });
  share('no IV found', Infinity);
  share('no IV, or off by 0.1 points', wrongFrom);
}

/** Every leg of 100 strikes is worked out anew, each time the forward has moved. */
function reportChain(set: OptionSet): void {
  const years = 7 / 365;
  const terms = new PricingTerms('black76').update(24_500, years, 0);
  const legs = makeChain(chainStrikes, terms);
  const count = legs.price.length;
  const batch = new LegBatch(legs, makeFigures(count));
  const prices = float64(set.count);
  let worked = 0;
  const [micros, priceMicros] = bestOf([
    () => {
      for (let move = 0; move < chainMoves; move++) {
        terms.update(24_500 + 0.35 * (move % 7), years, 0);
        worked += batch.run(terms, 0, count);
      }
    },
    () => priceAll(set, prices),
  ]);
  if (worked !== count * chainMoves * rounds) throw new Error('the bench skipped legs');
  reportBench({
    name: 'chain at a move of its forward',
    unit: 'us',
    value: micros / chainMoves,
    baseline: (priceMicros * count) / set.count,
    note: `${count} legs, against as many Black prices`,
  });
}

const withoutRate = makeOptions(optionCount, 0, 1);
reportRatios(withoutRate, 'rate 0');
reportRatios(makeOptions(optionCount, 0.1, 2), 'rate to 10 %');
reportPackage(makeOptions(packageCount, 0.1, 3));
reportChain(withoutRate);
