import { describe, expect, it } from 'vitest';
import { viewOf } from '../../testing';
import { chosenIv, pictureOf, pointsAround, type StrikePoint } from './chain-points';

const leg = (iv: number) => ({ iv, oi: NaN, oiChange: NaN });

describe('a picture of a chain', () => {
  it('holds each strike with both legs', () => {
    const view = viewOf();
    view.store.iv[2] = 12.5;
    view.store.iv[3] = 13.5;
    const points = pictureOf(view)?.points ?? [];
    expect(points.map(({ strike }) => strike)).toEqual(view.layout.strikes);
    expect(points[1]).toEqual({
      strike: 25_950,
      call: { iv: 12.5, oi: 1_000, oiChange: NaN },
      put: { iv: 13.5, oi: 1_000, oiChange: NaN },
    });
    expect(points[2]?.call.iv).toBeNaN();
  });

  it('is none before the first figures', () => {
    expect(pictureOf({ ...viewOf(), head: null })).toBeNull();
  });
});

describe('the volatility of a strike', () => {
  const at = (strike: number, call: number, put: number): StrikePoint => ({
    strike,
    call: leg(call),
    put: leg(put),
  });

  it('is that of the leg out of the money, of the call at the forward itself', () => {
    expect(chosenIv(at(25_900, 11, 12), 26_000)).toBe(12);
    expect(chosenIv(at(26_000, 11, 12), 26_000)).toBe(11);
    expect(chosenIv(at(26_100, 11, 12), 26_000)).toBe(11);
  });

  it('is borrowed from the other leg, and none without any or without a forward', () => {
    expect(chosenIv(at(26_100, NaN, 12), 26_000)).toBe(12);
    expect(chosenIv(at(26_100, NaN, NaN), 26_000)).toBeNaN();
    expect(chosenIv(at(26_100, 11, 12), NaN)).toBeNaN();
  });
});

describe('the strikes that have room', () => {
  const points = [1, 2, 3, 4, 5, 6, 7].map((strike) => ({ strike, call: leg(1), put: leg(1) }));
  const around = (index: number, count: number): number[] =>
    pointsAround(points, index, count).map(({ strike }) => strike);

  it('are those nearest to the money, as many at the edges too', () => {
    expect(around(3, 3)).toEqual([3, 4, 5]);
    expect(around(0, 3)).toEqual([1, 2, 3]);
    expect(around(6, 3)).toEqual([5, 6, 7]);
  });

  it('are all when they fit or the money is unknown', () => {
    expect(around(3, 7)).toHaveLength(7);
    expect(around(-1, 3)).toHaveLength(7);
  });
});
