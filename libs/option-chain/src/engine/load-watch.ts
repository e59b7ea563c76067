import type { Clock, Log, Timer } from '@strikewire/runtime';
import {
  noLoad,
  stepEffects,
  stepLoad,
  type Load,
  type LoadState,
} from '../core/load-steps';

/** What load is measured with, and what sheds it. */
export interface LoadWatchDeps {
  clock: Clock;
  log: Log;
  /** How busy the process was since the last reading; without it nothing is looked at. */
  read?(): Load;
  /** Clients are told so many times slower. */
  flush(scale: number): void;
  /** Low classes may be so many times older. */
  refresh(factor: number): void;
}

const lookMs = 5_000;

/** Looks at the process every 5 s, and gives up in named steps what can be given up. */
export class LoadWatch {
  private readonly deps: LoadWatchDeps;
  private held: LoadState = noLoad;
  private last: Load = { memoryBytes: 0, cpu: 0, loopDelayMs: 0 };
  private timer: Timer | undefined;

  constructor(deps: LoadWatchDeps) {
    this.deps = deps;
  }

  get state(): LoadState & { load: Load } {
    return { ...this.held, load: this.last };
  }

  start(): void {
    if (!this.deps.read) return;
    this.timer = this.deps.clock.after(lookMs, () => this.look());
  }

  stop(): void {
    this.timer?.cancel();
  }

  private look(): void {
    const { log, read, flush, refresh } = this.deps;
    const before = this.held;
    this.last = read?.() ?? this.last;
    this.held = stepLoad(before, this.last);
    const { step, reasons } = this.held;
    if (step !== before.step) {
      log.warn('load is shed by another step', { from: before.step, to: step, reasons });
      flush(stepEffects[step].flush);
      refresh(stepEffects[step].refresh);
    }
    this.start();
  }
}
