import type { OrderedMessage } from '@strikewire/contracts';

/** Where a client stands in a channel whose events are numbered: whether it has missed any. */
export class NumberedPlace {
  private last: { epoch: string; sequence: number } | null = null;

  /** For the request, so that the server goes on from there; empty before the first message. */
  get after(): { after?: { epoch: string; sequence: number } } {
    return this.last ? { after: this.last } : {};
  }

  /**
   * Takes the message's place as its own; false when something before it was missed, or when the
   * server says that it has dropped some.
   */
  follow({ type, epoch, sequence }: OrderedMessage): boolean {
    const { last } = this;
    this.last = { epoch, sequence };
    if (type === 'overflow' || last?.epoch !== epoch) return false;
    return sequence === last.sequence + (type === 'subscribed' ? 0 : 1);
  }
}
