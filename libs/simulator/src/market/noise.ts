/**
 * A 32-bit mix of up to three integers (the finalizer of MurmurHash3 by Austin Appleby, public
 * domain). The same integers always give the same number, whatever was asked before.
 */
export function mix(a: number, b = 0, c = 0): number {
  let mixed = a ^ Math.imul(b + 0x9e3779b9, 0x85ebca6b) ^ Math.imul(c + 0x7f4a7c15, 0xc2b2ae35);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** Like `mix`, as a number in [0, 1). */
export function chance(a: number, b = 0, c = 0): number {
  return mix(a, b, c) / 4294967296;
}

/** An integer that stands for a text, for use with `mix`. */
export function textNumber(text: string): number {
  let value = 0;
  for (let index = 0; index < text.length; index++) {
    value = mix(value, text.charCodeAt(index), index);
  }
  return value;
}

/** Periods in milliseconds and amplitudes of the waves that add up to a path. */
const waves = [
  [5_000, 0.00006],
  [40_000, 0.0002],
  [300_000, 0.0006],
  [2_400_000, 0.0015],
  [18_000_000, 0.004],
  [172_800_000, 0.008],
] as const;

/**
 * A bounded, smooth, never repeating walk as a pure function of time: sums of value noise from
 * seconds to days. Stays within ±0.0144. The ends of each wave's running step are kept.
 */
export function createWander(stream: number): (wallMs: number) => number {
  const steps = new Float64Array(waves.length).fill(NaN);
  const starts = new Float64Array(waves.length);
  const ends = new Float64Array(waves.length);
  return (wallMs) => {
    let sum = 0;
    for (let index = 0; index < waves.length; index++) {
      const [periodMs, amplitude] = waves[index] as (typeof waves)[number];
      const position = wallMs / periodMs;
      const step = Math.floor(position);
      if (steps[index] !== step) {
        steps[index] = step;
        starts[index] = chance(stream, step, index) * 2 - 1;
        ends[index] = chance(stream, step + 1, index) * 2 - 1;
      }
      const part = position - step;
      const from = starts[index] as number;
      sum += amplitude * (from + ((ends[index] as number) - from) * part * part * (3 - 2 * part));
    }
    return sum;
  };
}
