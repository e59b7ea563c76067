import { Inject, Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import type { Clock, Timer } from '@strikewire/runtime';
import type { WakeUp } from '../engine/session-runner';
import { WAKE_UP } from './tokens';

/** How often the wall clock is looked at: a jump or a sleep is noticed within this. */
const beatMs = 1_000;

/** Wakes the session runner under the real clock, at the beats that it is given. */
export class BeatenWakeUp implements WakeUp {
  private readonly clock: Pick<Clock, 'wallMs'>;
  private armed: { wallMs: number; fn: () => void } | undefined;

  constructor(clock: Pick<Clock, 'wallMs'>) {
    this.clock = clock;
  }

  at(wallMs: number, fn: () => void): Timer {
    const armed = { wallMs, fn };
    this.armed = armed;
    return {
      cancel: () => {
        if (this.armed === armed) this.armed = undefined;
      },
    };
  }

  beat(): void {
    const { armed } = this;
    if (!armed || this.clock.wallMs() < armed.wallMs) return;
    this.armed = undefined;
    armed.fn();
  }
}

/** Beats once a second as long as the server runs. */
@Injectable()
export class SessionHeartbeat {
  private readonly wakeUp: BeatenWakeUp;

  constructor(@Inject(WAKE_UP) wakeUp: BeatenWakeUp) {
    this.wakeUp = wakeUp;
  }

  @Interval('trading-sessions', beatMs)
  beat(): void {
    this.wakeUp.beat();
  }
}
