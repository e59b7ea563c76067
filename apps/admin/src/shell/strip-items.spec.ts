import type { Connection } from '@strikewire/client';
import { describe, expect, it } from 'vitest';
import { chainStateOf, feedSocketOf, segmentStatusOf, statusOf } from '../testing';
import { stripItems } from './strip-items';

const live: Connection = { state: 'live', failures: 0, reason: null };

function texts(status = statusOf(), connection = live, answerAgeMs: number | null = 500): string[] {
  const items = stripItems({ status, answerAgeMs, connection });
  return items.map(({ tone, text }) => `${tone}: ${text}`);
}

describe('stripItems', () => {
  it('says market, feed, account, rate and budget', () => {
    expect(texts()).toEqual([
      'good: Market open',
      'good: Feed live',
      'plain: Demo · main',
      'plain: 1,235 ticks/s',
      'plain: Budget 0%',
    ]);
  });

  it('warns of a silent feed, a full budget and chains still to be built', () => {
    const { feed } = statusOf();
    const row = { class: 'chain', used: 9, limit: 10, windowMs: 3_000, waiting: 4 };
    const chains = [chainStateOf(), chainStateOf({ state: 'pending' })];
    const status = statusOf({
      phase: 'building',
      feed: { ...feed, state: 'silent', tickAgeMs: 8_200 },
      budget: [{ ...row, used: 1 }, row],
      underlyings: [{ symbol: 'NIFTY', exchange: 'NSE', state: 'built', reason: null, chains }],
    });
    expect(texts(status)).toEqual(
      expect.arrayContaining([
        'late: Building 1/2',
        'bad: Feed silent 8 s',
        'late: Budget 90% · 8 waiting',
      ]),
    );
  });

  it('says calmly that the feed rests, and until when', () => {
    const { feed } = statusOf();
    const resting = feedSocketOf(1, { state: 'resting', reason: 'the market is closed' });
    const closed = { ...feed, state: 'closed', tickAgeMs: 60_000 } as const;
    const items = [[], [resting]].map((sockets) =>
      stripItems({
        status: statusOf({ feed: { ...closed, sockets } }),
        answerAgeMs: 500,
        connection: live,
      }).find(({ id }) => id === 'feed'),
    );
    expect(items).toEqual([
      { id: 'feed', tone: 'off', text: 'Feed closed',
        title: 'Feed stands ready, the market is closed; last tick 60 s ago' },
      { id: 'feed', tone: 'off', text: 'Feed rests',
        title: 'Feed rests until the market opens; last tick 60 s ago' },
    ]);
  });

  it('says in red that trading is halted', () => {
    const nowMs = Date.parse('2026-11-24T13:26:00+05:30');
    const hours = { segment: segmentStatusOf({ phase: 'halt', isOpen: false }), nowMs };
    const [market] = stripItems({ status: statusOf(), answerAgeMs: 500, connection: live, hours });
    expect(market).toMatchObject({ tone: 'bad', text: 'NSE F&O trading halted' });
    expect(market?.title).toContain('session ends 24 Nov 15:40');
  });

  it('says the phase and what is left of it where the hours are followed', () => {
    const nowMs = Date.parse('2026-11-24T13:26:00+05:30');
    const hours = { segment: segmentStatusOf(), nowMs };
    const [market] = stripItems({ status: statusOf(), answerAgeMs: 500, connection: live, hours });
    expect(market).toEqual({
      id: 'market',
      tone: 'good',
      text: 'NSE F&O open, closes in 2 h 14 m',
      title: 'NSE F&O by the template “NSE F&O”: 24 Nov 15:40',
    });
  });

  it('says when the platform does not answer, and never hides it behind old figures', () => {
    expect(texts(statusOf(), live, 12_000)[0]).toBe('bad: No answer for 12 s');
    expect(stripItems({ status: null, answerAgeMs: null, connection: live })).toMatchObject([
      { tone: 'off', text: 'Connecting' },
    ]);
  });

  it('says before everything else that no orders are taken', () => {
    const kill = { active: true, reason: 'too fast', by: 'asha', at: null };
    const options = { status: statusOf(), answerAgeMs: 500, connection: live };
    expect(stripItems({ ...options, kill })[0]).toEqual({
      id: 'kill', tone: 'bad', text: 'Orders stopped', to: 'risk',
      title: 'The kill switch is pulled by asha: no orders are taken. too fast',
    });
    expect(stripItems({ ...options, kill: { ...kill, active: false } })[0]?.id).toBe('market');
  });

  it('says how this page is connected when it is not as usual', () => {
    const polling: Connection = { state: 'polling', failures: 3, reason: 'refused' };
    expect(texts(statusOf(), polling).at(-1)).toBe('late: Over HTTP, every 2 s');
    expect(texts(statusOf(), { ...polling, state: 'waiting' }).at(-1)).toBe('bad: Reconnecting');
  });
});
