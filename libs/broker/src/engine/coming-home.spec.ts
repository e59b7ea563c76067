import { describe, expect, it } from 'vitest';
import { createFeedBench, targetsOf } from './testing/feed-bench';

const abroad = (key: string) => ({ segment: 'Y', id: String(100 + Number(key)) });

describe('a broker that comes home', () => {
  it('is dealt with targets by its names at once: its sockets go on', async () => {
    const { clock, broker, feed, pooled, store } = createFeedBench();
    const targets = targetsOf([1, 2, 3]);
    feed.setAccounts([{ ...pooled, tokenOf: abroad }]);
    feed.setTargets(targets, store());
    await clock.advance(1_000);
    const [before] = broker.open;
    expect(broker.subscribed()).toEqual([101, 102, 103]);
    feed.expectTargets(targets.map((one) => ({ ...one, token: abroad(one.key) })));
    expect(feed.setAccounts([pooled])).toEqual([]);
    await clock.advance(1_000);
    expect(broker.subscribed()).toEqual([101, 102, 103]);
    expect([broker.open.has(before!), before!.messages.length]).toEqual([true, 1]);
  });
});
