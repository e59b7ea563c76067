import { createVirtualClock } from '@strikewire/runtime/virtual';
import { describe, expect, it } from 'vitest';
import { AccountHealth, TickRates } from './account-health';

describe('AccountHealth', () => {
  it('counts the time in which all wanted sockets were live', async () => {
    const clock = createVirtualClock(0);
    const health = new AccountHealth(clock);
    expect(health.read().uptime).toBeNull();
    health.changed({ wanted: 2, live: 2 });
    await clock.advance(9_000);
    health.changed({ wanted: 2, live: 1 });
    await clock.advance(1_000);
    health.changed({ wanted: 0, live: 0 });
    await clock.advance(60_000);
    expect(health.read().uptime).toBe(0.9);
  });

  it('counts losses, and not what is wanted no more', async () => {
    const clock = createVirtualClock(0);
    const health = new AccountHealth(clock);
    health.changed({ wanted: 4, live: 4 });
    health.changed({ wanted: 4, live: 2 });
    health.changed({ wanted: 0, live: 0 });
    expect(health.read()).toMatchObject({ losses: 2, recentLosses: 2 });
    await clock.advance(600_001);
    expect(health.read()).toMatchObject({ losses: 2, recentLosses: 0 });
  });

  it('tells the median of the newest answers', () => {
    const health = new AccountHealth(createVirtualClock(0));
    expect(health.read().restMs).toBeNull();
    for (const ms of [10, 900, 20, 30, 40]) health.answered(ms);
    expect(health.read().restMs).toBe(30);
    for (let one = 0; one < 40; one++) health.answered(70);
    expect(health.read().restMs).toBe(70);
  });
});

describe('TickRates', () => {
  it('are ticks a second since they were read before', async () => {
    const clock = createVirtualClock(0);
    const ticks = new Map([['a', 0]]);
    const rates = new TickRates(clock, () => new Map(ticks));
    ticks.set('a', 100).set('b', 10);
    await clock.advance(2_000);
    expect([...rates.read()]).toEqual([['a', 50], ['b', 5]]);
    ticks.set('a', 1_000);
    await clock.advance(500);
    expect(rates.read().get('a')).toBe(50);
    ticks.set('b', 0);
    await clock.advance(500);
    expect([...rates.read()]).toEqual([['a', 900], ['b', 0]]);
  });
});
