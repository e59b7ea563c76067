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
  const taking = contracts.filter(({ life }) => life !== 'dead');
  const count = taking.length;
  const ticksPerSecond = Math.min(
    rates.ticksPerSecond,
    count * rates.contractTicksPerSecondMax,
  );
  const ends = new Float64Array(count);
  let sum = 0;
  for (let index = 0; index < count; index++) {
    sum += ends[index] = weightOf(taking[index] as Contract);
  }
  const most = (rates.contractTicksPerSecondMax / Math.max(ticksPerSecond, 1e-9)) * sum;
  let end = 0;
  for (let index = 0; index < count; index++) {
    ends[index] = end += Math.min(ends[index] as number, most);
  }
  const starts = startsOf(ends);
  return {
    ticksPerSecond,
    pick(unit) {
      const value = unit * end;
      let index = starts[Math.floor(unit * count)] as number;
      while ((ends[index] as number) <= value && index < count - 1) index++;
      return taking[index] as Contract;
    },
  };
}

/** For each of as many equal parts as there are ends: the first end over the part's beginning. */
function startsOf(ends: Float64Array): Uint32Array {
  const count = ends.length;
  const end = ends[count - 1] ?? 0;
  const starts = new Uint32Array(count);
  let index = 0;
  for (let part = 0; part < count; part++) {
    while (index < count - 1 && (ends[index] as number) <= (part / count) * end) index++;
    starts[part] = index;
  }
  return starts;
}

function weightOf({ kind, life, liquidity }: Contract): number {
  if (kind === 'index') return indexWeight;
  return life === 'live' ? Math.max(leastWeight, liquidity) : quietWeight * liquidity + leastWeight;
}
