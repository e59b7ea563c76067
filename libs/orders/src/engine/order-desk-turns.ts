import { deniedError } from './order-access';

/** Work of accounts: for each of them one after the other, and no more than so much waits. */
export class OrderDeskTurns {
  private readonly waitingMax: number;
  private readonly last = new Map<string, Promise<unknown>>();
  private readonly waiting = new Map<string, number>();

  constructor(waitingMax: number) {
    this.waitingMax = waitingMax;
  }

  /** Rejects (`denied`) when too much of the account waits already. */
  async run<T>(account: string, work: () => Promise<T>): Promise<T> {
    const count = this.waiting.get(account) ?? 0;
    if (count >= this.waitingMax) {
      const message = `${count} requests of the account wait already`;
      throw deniedError('order_queue_full', message);
    }
    this.waiting.set(account, count + 1);
    const before = this.last.get(account) ?? Promise.resolve();
    const next = before.then(work, work);
    this.last.set(account, next.catch(() => undefined));
    try {
      return await next;
    } finally {
      this.waiting.set(account, (this.waiting.get(account) ?? 1) - 1);
    }
  }
}
