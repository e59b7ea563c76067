import type { Clock, Timer } from '@strikewire/runtime';
import type { SwitchCause } from '../core/supervisor/supervisor-state';

/** Names of accounts, for people. */
export interface FailoverEvent {
  /** Epoch ms. */
  atMs: number;
  /** 1: another socket, 2: another account, 3: another broker; 0: no fault. */
  level: 0 | 1 | 2 | 3;
  cause: SwitchCause | 'socket_lost';
  reason: string;
  /** Accounts that carried before and after, in order. */
  from: readonly string[];
  to: readonly string[];
  /** From the fault to the first live tick after it, ms; null while there is none, or no need. */
  durationMs: number | null;
  /** Contracts that have a socket now, and those that have none. */
  contracts: number;
  withoutFeed: number;
}

/** What is looked at until data flow again. */
export interface SwitchWatchDeps {
  clock: Clock;
  /** An event is complete, or given up. */
  settled(event: FailoverEvent): void;
}

/** A switch after which no tick has come yet. */
interface OpenSwitch {
  event: FailoverEvent;
  faultMono: number;
  backMono(): number | undefined;
  untilMono: number;
}

const lookMs = 100;
/** Without a tick for this long the time to recover is not known: perhaps nothing trades. */
const giveUpMs = 60_000;

/** Measures how long it takes until what was moved ticks again, for one event after the other. */
export class SwitchWatch {
  private readonly deps: SwitchWatchDeps;
  private open: OpenSwitch[] = [];
  private timer: Timer | undefined;

  constructor(deps: SwitchWatchDeps) {
    this.deps = deps;
  }

  /**
   * `faultMono`: when the fault began, by the monotonic clock; `backMono`: when a tick came since,
   * undefined while none has; without it none has to.
   */
  begin(
    event: FailoverEvent,
    faultMono: number,
    backMono: (() => number | undefined) | undefined,
  ): void {
    const { clock, settled } = this.deps;
    if (event.level === 0 || !backMono) return settled(event);
    const untilMono = clock.monoMs() + giveUpMs;
    this.open.push({ event, faultMono, backMono, untilMono });
    this.timer ??= clock.after(lookMs, () => this.look());
  }

  stop(): void {
    this.timer?.cancel();
    for (const { event } of this.open.splice(0)) this.deps.settled(event);
  }

  private look(): void {
    const { clock, settled } = this.deps;
    const nowMono = clock.monoMs();
    const looked = this.open.map((one) => ({ ...one, tickMono: one.backMono() }));
    this.open = looked.filter(({ tickMono, untilMono }) =>
      tickMono === undefined && nowMono < untilMono);
    for (const { event, faultMono, tickMono, untilMono } of looked) {
      if (tickMono !== undefined) {
        settled({ ...event, durationMs: Math.round(tickMono - faultMono) });
      } else if (nowMono >= untilMono) settled(event);
    }
    this.timer = this.open.length > 0 ? clock.after(lookMs, () => this.look()) : undefined;
  }
}
