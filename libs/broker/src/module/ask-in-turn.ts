import { AsyncLocalStorage } from 'node:async_hooks';
import { StrikewireError, type Clock, type Timer } from '@strikewire/runtime';
import type { MayLeave } from '../core/orders-port';
import type { BudgetSlot, RateGate } from '../core/plugin';

/** How long an answer is waited for. */
export interface AskInTurn {
  clock: Pick<Clock, 'after' | 'monoMs'>;
  /** What is waited for, as people call it. */
  what: string;
  /** For its turn in the account's own queue; three minutes when not given. */
  queueMs?: number;
  /** Asked right before each of its requests is sent. */
  mayLeave?: MayLeave;
  /** Told before it is answered: for how long the broker had the word, ms. */
  answered?(brokerMs: number): void;
}

/** `broker`: it has the word; `queue`: all that is left to be sent waits for its turn. */
type Phase = 'broker' | 'queue';

/** Code of the refusal of what was never sent. */
export const turnNotCome = 'turn_not_come';
const brokerMs = 30_000;
/** Longer than a queue that moves; not for ever, when a day's limit is used up. */
const usualQueueMs = 180_000;

/** Which question a request is part of: the gate is called by whatever the plugin does for it. */
const questions = new AsyncLocalStorage<Question>();

/**
 * What `ask` comes to. The broker has half a minute, in which the wait for a turn in the account's
 * own queue does not count: it is no fault of the broker's. Rejects as `retryable` when the broker
 * takes longer, and as `throttled` when the turn does not come; what waits then is never sent.
 */
export function askInTurn<T>(about: AskInTurn, ask: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const question = new Question(about, reject);
    new Promise<T>((answered) => answered(questions.run(question, ask)))
      .finally(() => question.end())
      .then((answer) => {
        about.answered?.(question.brokerMs);
        resolve(answer);
      })
      .catch(reject);
  });
}

/** The same gate, which tells questions when their requests wait and when they are sent. */
export function gateOfQuestions(gate: RateGate): RateGate {
  return {
    run(slot, send) {
      const question = questions.getStore();
      return question ? question.pass(gate, slot, send) : gate.run(slot, send);
    },
  };
}

class Question {
  private readonly about: AskInTurn;
  private readonly giveUp: (why: StrikewireError) => void;
  private readonly leftMs: Record<Phase, number>;
  private phase: Phase = 'broker';
  private sinceMono: number;
  private timer: Timer | undefined;
  private waiting = 0;
  private sending = 0;
  private isOver = false;

  constructor(about: AskInTurn, giveUp: (why: StrikewireError) => void) {
    this.about = about;
    this.giveUp = giveUp;
    this.leftMs = { broker: brokerMs, queue: about.queueMs ?? usualQueueMs };
    this.sinceMono = about.clock.monoMs();
    this.arm();
  }

  async pass<T>(gate: RateGate, slot: BudgetSlot, send: () => Promise<T>): Promise<T> {
    let isWaiting = true;
    const leaveQueue = (): void => {
      if (isWaiting) this.waiting--;
      isWaiting = false;
    };
    this.waiting++;
    this.look();
    try {
      const isWanted = (): boolean => !this.isOver && slot.isWanted?.() !== false;
      return await gate.run({ ...slot, isWanted }, async () => {
        leaveQueue();
        this.refuse();
        this.sending++;
        this.look();
        try {
          // It is sent from whatever has freed its place, another question perhaps.
          return await questions.run(this, send);
        } finally {
          this.sending--;
          this.look();
        }
      });
    } finally {
      leaveQueue();
      this.look();
    }
  }

  end(): void {
    if (!this.isOver) this.book();
    this.isOver = true;
    this.timer?.cancel();
  }

  /** Of the time until the last look, what the broker has had. */
  get brokerMs(): number {
    return brokerMs - this.leftMs.broker;
  }

  private book(): void {
    const nowMono = this.about.clock.monoMs();
    this.leftMs[this.phase] -= nowMono - this.sinceMono;
    this.sinceMono = nowMono;
  }

  /** @throws StrikewireError `denied` when it may not leave any more. */
  private refuse(): void {
    const refused = this.about.mayLeave?.() ?? null;
    if (refused === null) return;
    const { code, reason } = refused;
    throw new StrikewireError({ kind: 'denied', code, message: reason });
  }

  /** While one of its requests is under way the broker has the word, whatever else waits. */
  private look(): void {
    const phase = this.waiting > 0 && this.sending === 0 ? 'queue' : 'broker';
    if (this.isOver || phase === this.phase) return;
    this.book();
    this.phase = phase;
    this.arm();
  }

  private arm(): void {
    const { clock } = this.about;
    this.timer?.cancel();
    this.timer = clock.after(Math.max(0, this.leftMs[this.phase]), () => {
      this.end();
      this.giveUp(this.phase === 'queue' ? this.withoutTurn() : this.withoutAnswer());
    });
  }

  private withoutTurn(): StrikewireError {
    const { what, queueMs = usualQueueMs } = this.about;
    const message =
      `${what} was not sent: its turn within the account's own limits has not come for ` +
      `${queueMs / 1_000} s`;
    return new StrikewireError({ kind: 'throttled', code: turnNotCome, message });
  }

  private withoutAnswer(): StrikewireError {
    const { what } = this.about;
    const message = `${what} was not answered within ${brokerMs / 1_000} s: try again later`;
    return new StrikewireError({ kind: 'retryable', code: 'not_answered', message });
  }
}
