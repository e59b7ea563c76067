import { callerKey, type Caller } from '@strikewire/platform';
import { setMaxListeners } from 'node:events';

/** How many clients one path serves at once; one more is told to come again later. */
export interface SeatLimits {
  clientsMax: number;
  /** Of them, by one person or key, or nobody in particular. */
  perCallerMax: number;
}

/** What a process bears. */
export const usualSeats: SeatLimits = { clientsMax: 5_000, perCallerMax: 500 };

/** Places for the clients of one path, which hold them as long as their session or key lasts. */
export class ClientSeats {
  private readonly held = new Map<string, number>();
  private readonly what: string;
  private readonly limits: SeatLimits;
  private count = 0;

  /** `what` they hold, in plain words: sockets, streams. */
  constructor(what: string, limits: SeatLimits = usualSeats) {
    this.what = what;
    this.limits = limits;
  }

  /**
   * Takes a place and answers with what gives it back, or says in words why there is none. `end`
   * is called when the session or key is over.
   */
  take(caller: Caller, address: string, end: () => void): (() => void) | string {
    const { clientsMax, perCallerMax } = this.limits;
    if (this.count >= clientsMax) return `${clientsMax} clients are connected`;
    const key = callerKey(caller, address);
    const held = this.held.get(key) ?? 0;
    if (held >= perCallerMax) {
      return `${perCallerMax} ${this.what} are open with this session or key`;
    }
    this.held.set(key, held + 1);
    this.count++;
    const ended = caller.kind === 'nobody' ? undefined : caller.ended;
    // As many as there are places; without a word Node takes more than ten for a leak.
    if (ended) setMaxListeners(0, ended);
    ended?.addEventListener('abort', end);
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      ended?.removeEventListener('abort', end);
      this.count--;
      const left = (this.held.get(key) ?? 1) - 1;
      if (left > 0) this.held.set(key, left);
      else this.held.delete(key);
    };
  }
}
