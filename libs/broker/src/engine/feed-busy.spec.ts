import { describe, expect, it } from 'vitest';
import { busySockets, busyTicks } from './feed-busy';
import type { FeedTarget } from './feed-types';

const targetsOf = (socket: number, count: number, exchange: FeedTarget['exchange']): FeedTarget[] =>
  Array.from({ length: count }, (_, index): FeedTarget => {
    const key = `${socket}:${index}`;
    return { key, token: { segment: exchange, id: key }, mode: 'full', slot: 0, exchange };
  });

/** What the first socket of so many is told, when the others went on ticking at these times. */
function told(
  count: number,
  others: readonly { mono: number; exchange?: FeedTarget['exchange'] }[],
  ownMono = -Infinity,
): number | undefined {
  const monos = [ownMono, ...others.map(({ mono }) => mono)];
  const targets = [
    ...targetsOf(1, count, 'NSE'),
    ...others.flatMap(({ exchange = 'NSE' }, index) => targetsOf(index + 2, 60, exchange)),
  ];
  const sockets = busySockets(
    targets,
    (key) => Number(key.split(':')[0]),
    () => ({ goesOnMono: (socket) => monos[socket - 1] ?? -Infinity }),
  );
  return busyTicks(sockets).get(1);
}

describe('a socket of many instruments that never went on', () => {
  it('is compared with the newest tick of another one at its exchange', () => {
    expect(told(50, [{ mono: 7_000 }, { mono: 9_000 }])).toBe(9_000);
  });

  it('is not, while nobody goes on, or only at another exchange', () => {
    expect(told(50, [{ mono: -Infinity }])).toBeUndefined();
    expect(told(50, [{ mono: 9_000, exchange: 'MCX' }])).toBeUndefined();
  });

  it('is not when it carries few, or goes on itself', () => {
    expect(told(49, [{ mono: 9_000 }])).toBeUndefined();
    expect(told(50, [{ mono: 9_000 }], 5_000)).toBeUndefined();
  });
});
