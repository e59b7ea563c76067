import type { Contract } from './contract';

/** A lottery over contracts by how busy they are. */
export interface Draw {
  /** The rate at which to draw; less than the total asked for when few contracts take part. */
  readonly ticksPerSecond: number;
  /** The contract for a number in [0, 1). Only while `ticksPerSecond` is above 0. */
  pick(unit: number): Contract;
}

/** An index ticks this many times as often as the busiest option. */
const indexWeight = 4;
const quietWeight = 0.03;
const leastWeight = 0.002;

/** Weights are cut so that no contract exceeds its own rate; dead contracts take no part. */
export function createDraw(
  contracts: readonly Contract[],
  rates: { ticksPerSecond: number; contractTicksPerSecondMax: number },
): Draw {
  const taking = contracts.filter((contract) => contract.life !== 'dead');
  const ticksPerSecond = Math.min(
    rates.ticksPerSecond,
    taking.length * rates.contractTicksPerSecondMax,
  );
  const ends = new Float64Array(taking.length);
  const raw = taking.map(weightOf);
  const sum = raw.reduce((total, weight) => total + weight, 0);
  const most = (rates.contractTicksPerSecondMax / Math.max(ticksPerSecond, 1e-9)) * sum;
  let end = 0;
  raw.forEach((weight, index) => {
    end += Math.min(weight, most);
    ends[index] = end;
  });
  return {
    ticksPerSecond,
    pick: (unit) => taking[firstAbove(ends, unit * end)] as Contract,
  };
}

function weightOf({ kind, life, liquidity }: Contract): number {
  if (kind === 'index') return indexWeight;
  return life === 'live' ? Math.max(leastWeight, liquidity) : quietWeight * liquidity + leastWeight;
}

function firstAbove(ends: Float64Array, value: number): number {
  let low = 0;
  let high = ends.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ends[middle] as number) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
