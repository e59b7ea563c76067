/** How busy the process is. */
export interface Load {
  /** Resident memory, bytes. */
  memoryBytes: number;
  /** Of one core, 0 to 1 and above: other threads count too. */
  cpu: number;
  /** How late the event loop was at its worst since the last look, ms. */
  loopDelayMs: number;
}

/** Above these load is shed. */
export const loadLimits: Readonly<Load> = {
  memoryBytes: 500 * 1024 * 1024,
  cpu: 0.7,
  loopDelayMs: 250,
};

/** What is given up, in this order; never a strike. */
export const loadSteps = ['normal', 'longer_flush', 'slower_refresh', 'least'] as const;
/** One of the steps. */
export type LoadStep = (typeof loadSteps)[number];

/** What a step means: how many times slower clients are told, and low classes are refreshed. */
export const stepEffects: Readonly<Record<LoadStep, { flush: number; refresh: number }>> = {
  normal: { flush: 1, refresh: 1 },
  longer_flush: { flush: 2, refresh: 1 },
  slower_refresh: { flush: 2, refresh: 2 },
  least: { flush: 4, refresh: 4 },
};

/** Where the process stands. */
export interface LoadState {
  step: LoadStep;
  /** What is above its limit, in plain words. */
  reasons: readonly string[];
  /** Looks in a row that were above, and below, the limits. */
  above: number;
  below: number;
}

/** Nothing is given up. */
export const noLoad: LoadState = { step: 'normal', reasons: [], above: 0, below: 0 };

/** A step is taken after so many looks above a limit, so that a start or a build is none. */
const looksUp = 3;
/** And taken back after so many well below all, so that it does not go to and fro. */
const looksDown = 12;
/** Well below: this part of a limit. */
const wellBelow = 0.85;

/** The next state after a look; `limits` above which load is shed. */
export function stepLoad(
  state: LoadState,
  load: Load,
  limits: Readonly<Load> = loadLimits,
): LoadState {
  const reasons = reasonsOf(load, limits);
  const isWell = reasonsOf(load, scaled(limits, wellBelow)).length === 0;
  const above = reasons.length > 0 ? state.above + 1 : 0;
  const below = isWell ? state.below + 1 : 0;
  const at = loadSteps.indexOf(state.step);
  if (above >= looksUp) {
    return { step: loadSteps[at + 1] ?? state.step, reasons, above: 0, below: 0 };
  }
  if (below >= looksDown) {
    return { step: loadSteps[Math.max(0, at - 1)] ?? 'normal', reasons, above: 0, below: 0 };
  }
  return { step: state.step, reasons, above, below };
}

function scaled(limits: Readonly<Load>, by: number): Load {
  return {
    memoryBytes: limits.memoryBytes * by,
    cpu: limits.cpu * by,
    loopDelayMs: limits.loopDelayMs * by,
  };
}

function reasonsOf({ memoryBytes, cpu, loopDelayMs }: Load, limits: Readonly<Load>): string[] {
  const percent = (part: number): string => `${Math.round(100 * part)} %`;
  const mb = (bytes: number): string => `${Math.round(bytes / 1_048_576)} MB`;
  return [
    ...(memoryBytes > limits.memoryBytes
      ? [`memory is ${mb(memoryBytes)}, the limit ${mb(limits.memoryBytes)}`]
      : []),
    ...(cpu > limits.cpu ? [`CPU is ${percent(cpu)}, the limit ${percent(limits.cpu)}`] : []),
    ...(loopDelayMs > limits.loopDelayMs
      ? [`the event loop is ${Math.round(loopDelayMs)} ms late, the limit ${limits.loopDelayMs}`]
      : []),
  ];
}
