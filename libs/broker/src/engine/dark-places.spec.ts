import { describe, expect, it } from 'vitest';
import { DarkPlaces } from './dark-places';

describe('sockets that stay dark beside others', () => {
  /** Looks once a second from `from` to `to`; answers with the seconds of a change. */
  function run(places: DarkPlaces, dark: number[], [from, to]: [number, number]): number[] {
    const changes: number[] = [];
    for (let second = from; second <= to; second++) {
      const look = { dark, nowMono: second * 1_000, isSpare: () => second < 5_000 };
      if (places.look('a', look)) changes.push(second);
    }
    return changes;
  }

  it('give up what they carry after five seconds, for a minute, then for longer', () => {
    const places = new DarkPlaces();
    expect(run(places, [1], [0, 5])).toEqual([5]);
    expect([...places.outOf('a')]).toEqual([1]);
    expect([...places.outOf('b')]).toEqual([]);
    // Nothing is planned for it meanwhile, so it is not dark.
    expect(run(places, [], [6, 100])).toEqual([65]);
    expect([...places.outOf('a')]).toEqual([]);
    expect(run(places, [1], [101, 300])).toEqual([106, 226, 232]);
  });

  it('keep it when they are back before, however often', () => {
    const places = new DarkPlaces();
    for (let second = 0; second < 200; second += 10) {
      expect(run(places, [0], [second, second + 4])).toEqual([]);
      expect(run(places, [], [second + 5, second + 9])).toEqual([]);
    }
  });

  it('count as others after a quarter of an hour of light', () => {
    const places = new DarkPlaces();
    run(places, [2], [0, 5]);
    run(places, [], [6, 1_000]);
    expect(run(places, [2], [1_001, 1_070])).toEqual([1_006, 1_066]);
  });

  it('keep it while nobody else has room', () => {
    const places = new DarkPlaces();
    expect(run(places, [2], [5_000, 5_100])).toEqual([]);
  });

  it('are forgotten with their account', () => {
    const places = new DarkPlaces();
    run(places, [2], [0, 5]);
    places.forget('a');
    expect([...places.outOf('a')]).toEqual([]);
  });
});
