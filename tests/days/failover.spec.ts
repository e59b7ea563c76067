import type { FailoverEvent } from '@strikewire/broker/engine';
import { describe, expect, it, vi } from 'vitest';
import { liveStory } from '../support/failover-campaign';
import { FailoverRun } from '../support/failover-run';

const seeds = Array.from({ length: 300 }, (_, index) => index + 1);

describe('a quarter of an hour in which accounts, sockets and brokers fail', () => {
  it.each(seeds)('ends well, within every limit (%i)', async (seed) => {
    const { story, doubts } = await liveStory(seed);
    expect(doubts, story.join('\n')).toEqual([]);
  });

  // Each has found something, in a market that moved so often.
  const found: [seed: number, sliceMs: number, what: string][] = [
    [607, 2_000, 'the clock of a broker was ahead: what came when it was right was taken for old'],
    [1_890, 3_000, 'so it was, and ours too, so that its times were believed'],
    [30_098, 2_000, 'what an observer heard that nobody carried spoke against a socket'],
    [60_331, 2_000, 'nothing that a socket of eight contracts carries moved for 8 s'],
    [565, 3_000, 'so it was, and a move just after was taken to be in time'],
    [8_464, 2_000, 'that took the account with it'],
    [5_504, 2_000, 'a peer told late what had moved'],
    [1_553, 2_000, 'nobody could take over'],
    [7_041, 2_500, 'one who did not carry was lost in the moment in which another came home'],
  ];
  it.each(found)('ends well (%i), moving every %i ms: %s', async (seed, sliceMs) => {
    const { story, doubts } = await liveStory(seed, { sliceMs });
    expect(doubts, story.join('\n')).toEqual([]);
  });

  it('is doubted when nobody watches over it any more', async () => {
    const { doubts } = await liveStory(2, { sabotage: (run) => run.supervision.stop() });
    expect(doubts.join()).toMatch(/contracts are silent/);
  });

  it('is doubted when a socket too many is opened', async () => {
    const { doubts } = await liveStory(1, { sabotage: (run) => run.openBeside('dhan 1', 6) });
    expect(doubts.join()).toMatch(/limits were broken/);
  });

  it('is doubted when prices are wrong', async () => {
    const { doubts } = await liveStory(2, {
      sabotage: (run) => {
        run.supervision.stop();
        run.store.touchedMonoMs.fill(1e9);
      },
    });
    expect(doubts.join()).toMatch(/prices are wrong/);
  });

  const broken: [string, (run: FailoverRun) => void, RegExp][] = [
    ['a book is not the market\'s', (run) => {
      vi.spyOn(run.store, 'bestBidPaise').mockReturnValue(1);
    }, /bid is .*, not 1/],
    ['a token is refused again and again', (run) => {
      for (let time = 1; time <= 16; time++) {
        run.clock.after(time * 30_000, () => {
          if (time % 2 === 1) run.simulator.faults.add({ kind: 'expireToken', broker: 'dhan' });
          else run.renew('dhan 1');
        });
      }
    }, /dhan 1 was refused again and again/],
    ['what matters most has no place', (run) => {
      const { feed } = run.supervision;
      vi.spyOn(feed, 'unplaced').mockImplementation(() => run.targets.slice(0, 1));
    }, /contract 0 has no place/],
    ['a change is told as what it is not', (run) => void run.events.push({
      atMs: 0, level: 2, cause: 'recovered', reason: 'well again', from: ['dhan 1'],
      to: ['dhan 1'], durationMs: null, contracts: 42, withoutFeed: 0,
    }), /another level is right/],
    ['a change has a cause that nothing was', (run) => void run.events.push({
      atMs: 0, level: 2, cause: 'feed_lost', reason: 'no live socket', from: ['nobody'],
      to: ['dhan 1'], durationMs: null, contracts: 42, withoutFeed: 0,
    }), /nothing was the cause/],
    ['a change has a cause that was long ago, or is still to come', (run) => {
      const { events } = run;
      const lost: FailoverEvent = {
        atMs: 0, level: 1, cause: 'socket_lost', reason: 'closed', from: ['dhan 1'],
        to: ['dhan 1'], durationMs: null, contracts: 42, withoutFeed: 0,
      };
      events.push(lost);
      run.toldMono.set(lost, 40_000);
    }, /told of socket_lost at dhan 1 \(closed\), and nothing was the cause/],
    ['nobody carries any more, and nobody says so', (run) => {
      run.clock.after(60_000, () => run.supervision.stop());
    }, /contracts are dark, and nobody says so/],
    ['an account without a live socket is not lost', (run) => {
      const { feed } = run.supervision;
      const sockets = feed.sockets.bind(feed);
      vi.spyOn(feed, 'sockets').mockImplementation(() =>
        sockets().map((one) => ({ ...one, state: 'waiting' })));
    }, /dhan 1 has no live socket for long, and is still fit/],
    ['an account comes back at once', (run) => {
      const { supervision, clock } = run;
      const now = (): typeof supervision.standing =>
        Reflect.get(Object.getPrototypeOf(supervision) as object, 'standing', supervision);
      vi.spyOn(supervision, 'standing', 'get').mockImplementation(() => {
        const isAway = clock.monoMs() > 20_000 && clock.monoMs() < 30_000;
        const accounts = now().accounts.map((one) =>
          (isAway && one.id === 'dhan 1' ? { ...one, standing: 'lost' as const } : one));
        return { ...now(), accounts };
      });
    }, /dhan 1 was back after \d+ ms/],
    ['somebody else writes what a socket carries', (run) => {
      const { feed } = run.supervision;
      const [, other] = feed.sockets();
      vi.spyOn(feed, 'socketOf').mockReturnValue(other?.number ?? 0);
    }, /is carried by socket \d+ and written by/],
    ['a socket carries more than it may', (run) => {
      const { feed } = run.supervision;
      const account = feed.accountOf(feed.sockets()[0]?.number ?? 0);
      if (!account) throw new Error('there is no socket');
      const feedLimits = { ...account.limits, instrumentsPerSocketMax: 41 };
      vi.spyOn(feed, 'accountOf').mockReturnValue({ ...account, limits: feedLimits });
    }, /carries 42 of 41/],
    ['nobody is said to carry without a reason', (run) => {
      const { supervision } = run;
      const now = (): typeof supervision.standing =>
        Reflect.get(Object.getPrototypeOf(supervision) as object, 'standing', supervision);
      vi.spyOn(supervision, 'standing', 'get').mockImplementation(
        () => ({ ...now(), isDegraded: true }),
      );
    }, /degraded, and nothing is wrong with/],
  ];

  it.each(broken)('is doubted when %s', async (_what, sabotage, doubt) => {
    expect((await liveStory(2, { sabotage })).doubts.join('\n')).toMatch(doubt);
  });
});

describe('a seed', () => {
  it('gives the same run to the last tick, whatever was lived before', async () => {
    const live = async (seed: number): Promise<object> => {
      let end = {};
      const sabotage = (run: FailoverRun): void => {
        const stop = run.stop.bind(run);
        run.stop = () => {
          const { events, store: { ltpPaise, touchedMonoMs, source }, supervision: { feed } } = run;
          end = { events, ltpPaise, touchedMonoMs, source, sockets: feed.sockets() };
          stop();
        };
      };
      await liveStory(seed, { sabotage });
      return end;
    };
    // Several brokers, a corrupted feed and a jump of the clock are among them.
    const once = [await live(50_003), await live(50_007)];
    expect([await live(50_003), await live(50_007)]).toEqual(once);
    expect(once[0]).not.toEqual(once[1]);
  });
});

describe('a silence that is told', () => {
  it('is not explained while the market moves', async () => {
    const run = new FailoverRun(1, { names: ['dhan 1', 'dhan 2'] });
    await run.start();
    await run.clock.advance(60_000);
    run.stop();
    const told = (reason: string): boolean => run.quietWatch.explains({
      atMs: 0, level: 1, cause: 'socket_lost', reason, from: ['dhan 1'], to: ['dhan 1'],
      durationMs: null, contracts: 42, withoutFeed: 0,
    });
    expect(told('no tick for 8 s in an open market')).toBe(false);
  });
});

describe('an account whose token has ended', () => {
  it('has another one, once; then it waits for a person', async () => {
    const run = new FailoverRun(1, { names: ['dhan 1', 'dhan 2'] });
    await run.start();
    const standings: string[] = [];
    for (let time = 0; time < 2; time++) {
      run.simulator.faults.add({ kind: 'expireToken', broker: 'dhan' });
      await run.clock.advance(120_000);
      standings.push(...run.supervision.standing.accounts.map(({ standing }) => standing));
    }
    run.stop();
    expect(standings).toEqual(['fit', 'parked', 'parked', 'parked']);
    // Dhan refuses in a frame, before it closes.
    expect([run.granted.get('dhan 1'), run.refusals.get('dhan 1')]).toEqual([1, 2]);
  });
});
