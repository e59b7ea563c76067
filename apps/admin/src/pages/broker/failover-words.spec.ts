import { describe, expect, it } from 'vitest';
import { bannerOf, stateWord } from './failover-banner';
import { namesOf, notesOf, tookLabel, withTimes } from './failover-words';
import { failoverAccountOf, failoverOf } from './testing';

const now = { isOpen: true, nowMs: Date.parse('2026-11-24T11:42:07+05:30') };
const accounts = failoverOf().accounts.slice(1);
const failed = (standing: 'lost' | 'parked' | 'suspended' | 'renewing', reason: string | null) =>
  failoverAccountOf('North A', { primary: true, role: 'resting', standing, reason });
const carrying = accounts.map((one, at) =>
  at === 0 ? { ...one, role: 'carrier' as const } : one,
);

describe('what speaks against an account', () => {
  it('is nothing for one that is well, and for one that has no socket', () => {
    expect(failoverOf().accounts.flatMap((one) => notesOf(one, now))).toEqual([]);
  });

  it('is said in plain words', () => {
    const account = failoverAccountOf('North A', {
      reason: 'no byte for 25 s',
      sockets: { wanted: 4, live: 3 },
      tickAgeMs: 8_400,
      failures: 2,
      restMs: 1_340,
      budgetPercent: 91.4,
      diverted: [{ class: 'chain', until: '2026-11-24T11:57:07+05:30' }],
    });
    const notes = [
      'no byte for 25 s',
      '1 of 4 sockets not live',
      'last tick 8 s ago',
      '2 requests in a row without an answer',
      'answers take 1.3 s',
      'its limits are used to 91%',
      'chain requests go to others until 11:57:07',
    ];
    expect(notesOf(account, now)).toEqual(notes);
    const closed = notesOf(account, { ...now, isOpen: false });
    expect(closed).toEqual(notes.filter((note) => !note.startsWith('last tick')));
  });
});

describe('full books', () => {
  const notesWith = (state: 'live' | 'waiting' | 'parked', reason: string | null): string[] =>
    notesOf(failoverAccountOf('North A', { depth: { state, reason, books: 2, max: 50 } }), now);

  it('are a note only when they do not come', () => {
    expect(notesWith('live', null)).toEqual([]);
    expect(notesWith('waiting', 'silent for 25000 ms')).toEqual([
      'full books are away: silent for 25000 ms',
    ]);
    expect(notesWith('parked', null)).toEqual(['full books are refused']);
  });
});

describe('the banner', () => {
  it('is not there while everything is as it is wished to be', () => {
    expect(bannerOf(failoverOf())).toBeNull();
    expect(stateWord(failoverOf())).toEqual({ text: 'as wished', tone: 'good' });
    expect(stateWord(failoverOf({ accounts: [] })).text).toBe('no account');
  });

  it('says what fails, who carries now, and what is done about it', () => {
    const lost = failed('lost', 'no live socket for 5 s');
    const behind = failoverAccountOf('Behind', { role: 'resting', standing: 'parked' });
    expect(bannerOf(failoverOf({ level: 2, accounts: [lost, ...carrying, behind] }))).toEqual({
      tone: 'late',
      title: 'Another account carries the data',
      what: 'North A is lost (no live socket for 5 s). North B carries now.',
      next: expect.stringContaining('North A goes on trying by itself'),
    });
  });

  it.each([
    ['parked', 'waits for an admin'],
    ['suspended', 'until the broker opens it again'],
    ['renewing', 'once its token is renewed'],
  ] as const)('knows what to do with one that is %s', (standing, advice) => {
    const wrong = failed(standing, null);
    const banner = bannerOf(failoverOf({ level: 3, accounts: [wrong, ...carrying] }));
    expect(banner?.title).toBe('Another broker carries the data');
    expect(banner?.next).toContain(advice);
  });

  it('says that one is well again and why it waits', () => {
    const back = failoverAccountOf('North A', { primary: true });
    const banner = bannerOf(failoverOf({ level: 2, accounts: [back, ...carrying] }));
    expect(banner?.what).toBe('North B carries now.');
    expect(banner?.next).toContain('well for half a minute');
  });

  it('says that nobody is left, before all else', () => {
    const refused = failed('parked', 'the token is refused.');
    const drained = failoverAccountOf('B', { role: 'drained' });
    const failover = failoverOf({ degraded: true, level: 2, accounts: [refused, drained] });
    const banner = bannerOf(failover);
    expect([banner?.tone, banner?.title]).toEqual(['bad', 'Nobody carries the data']);
    expect(banner?.what).toBe(
      'North A is parked (the token is refused). B was taken out of service by hand. ' +
        'What is served is the cache, marked stale.',
    );
    expect(banner?.next).toContain('B carries nothing until it is put back.');
    expect(stateWord(failover).text).toBe('degraded');
  });

  it('says calmly that somebody is put first', () => {
    const banner = bannerOf(failoverOf({ forced: 'north-b' }));
    expect([banner?.tone, banner?.title]).toEqual(['own', 'North B is put first by hand']);
    expect(bannerOf(failoverOf({ forced: 'gone' }))).toBeNull();
  });
});

describe('small words', () => {
  it('are the times of a text', () => {
    const text = 'ends at 2026-11-25T03:30:00.000+05:30, tested 2026-11-24T06:12:07Z (5.4.0)';
    expect(withTimes(text, now.nowMs)).toBe('ends at 25 Nov 03:30, tested 11:42:07 (5.4.0)');
  });

  it('name accounts and spans', () => {
    expect([namesOf([]), namesOf(['A']), namesOf(['A', 'B', 'C'])]).toEqual([
      'nobody', 'A', 'A, B and C',
    ]);
    expect([340, 1_340, 59_900, 150_000].map(tookLabel)).toEqual([
      '340 ms', '1.3 s', '59.9 s', '2 min',
    ]);
  });
});
