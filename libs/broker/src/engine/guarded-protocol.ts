import { errorMessageOf } from '@strikewire/runtime';
import type { FeedDecoder, FeedNews, FeedProtocol } from '../core/feed-protocol';
import { newsOf } from './plugin-answers';

/**
 * Decoders that do not throw: where the plugin's does, the connection ends as any other that
 * failed, and comes back with back-off.
 */
export function createGuardedDecoder(
  protocol: Pick<FeedProtocol, 'createDecoder'>,
): GuardedDecoder {
  try {
    const inner: FeedDecoder | undefined = protocol.createDecoder();
    return new GuardedDecoder(inner, inner ? undefined : failureOf('it made no decoder'));
  } catch (error) {
    return new GuardedDecoder(undefined, failureOf(error));
  }
}

/** What the log says of a plugin that threw. */
export function failureOf(error: unknown): string {
  return `the broker's plugin failed: ${errorMessageOf(error)}`;
}

/** Nothing but frames that cannot be read, this many in a row: such a connection is of no use. */
const unreadMax = 1_000;

/** A decoder that ends its connection where it cannot go on. */
export class GuardedDecoder implements FeedDecoder {
  private readonly inner: FeedDecoder | undefined;
  private failure: string | undefined;
  /** Frames that could not be read since one could. */
  private unread = 0;

  constructor(inner: FeedDecoder | undefined, failure?: string) {
    this.inner = inner;
    this.failure = failure;
  }

  get counters(): FeedDecoder['counters'] {
    return this.inner?.counters ?? { packets: 0, unknownInstrument: 0, malformed: 0 };
  }

  /** It can read nothing of what comes. */
  get isUseless(): boolean {
    return this.unread >= unreadMax;
  }

  bind(...where: Parameters<FeedDecoder['bind']>): void {
    try {
      this.inner?.bind(...where);
    } catch (error) {
      this.failure = failureOf(error);
    }
  }

  decode(...frame: Parameters<FeedDecoder['decode']>): FeedNews | undefined {
    try {
      if (this.failure === undefined) return this.counted(...frame);
    } catch (error) {
      this.failure = failureOf(error);
    }
    return { kind: 'other', reason: this.failure ?? '' };
  }

  private counted(...frame: Parameters<FeedDecoder['decode']>): FeedNews | undefined {
    const { malformed, packets } = this.counters;
    const news = newsOf(this.inner?.decode(...frame));
    const { counters } = this;
    if (counters.packets !== packets) this.unread = 0;
    else if (counters.malformed !== malformed) this.unread++;
    if (!this.isUseless) return news;
    return { kind: 'other', reason: `${unreadMax} frames in a row could not be read` };
  }
}
