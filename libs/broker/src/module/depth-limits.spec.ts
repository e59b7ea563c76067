import { createSeededRandom, errorKindOf, silentLog, type Http } from '@strikewire/runtime';
import { createVirtualClock } from '@strikewire/runtime/virtual';
import { expect, it } from 'vitest';
import type { DepthFeed } from '../core/depth-protocol';
import type { BrokerInstance } from '../core/plugin';
import { AccountPool } from '../engine/account-pool';
import { createDeskBroker } from '../engine/testing/desk-broker';
import { watchedPlugin } from './watched-instance';

const desk = createDeskBroker({ dead: new Set(), asked: [] });
const news = { refused: () => undefined, answered: () => undefined };

/** An account of a broker with a feed of full books. */
function open(limits: unknown): BrokerInstance {
  const outside = { random: createSeededRandom(1), http: {} as Http, log: silentLog };
  const pool = new AccountPool({ ...outside, clock: createVirtualClock(0) });
  const depthFeed = { protocol: {}, limits, exchanges: ['NSE'] } as unknown as DepthFeed;
  const plugin = watchedPlugin({
    ...desk, create: (config, deps) => ({ ...desk.create(config, deps), depthFeed }),
  }, news);
  const credentials = { client: 'c1', token: 'token-of-c1' };
  return pool.put({ id: '1', label: '1', plugin, endpoints: {}, credentials }).instance;
}

it('a feed of full books is handed on with the account', () => {
  const { limits: { feed: limits } } = desk;
  expect(open(limits).depthFeed).toMatchObject({ limits, exchanges: ['NSE'] });
});

it.each([
  ['socketsMax', 17, 'needs a whole number from 1 to 16, and is 17'],
  ['socketsPlanned', 3, 'needs to be at most socketsMax'],
  ['instrumentsPerSocketMax', NaN, 'and is NaN'],
  ['lingerMs', undefined, 'and is not there'],
  ['silentMs', 0, 'from 1000 to 600000, and is 0'],
])('limits of full books that cannot be are named: %s %s', (name, value, needed) => {
  const wrong = (): unknown => open({ ...desk.limits.feed, [name]: value });
  const field = `the plugin of Desk Broker is not fit: depthFeed.limits.${name} `;
  expect(wrong).toThrow(field);
  expect(wrong).toThrow(needed);
});

it('limits of full books that are not there at all are a fault of the plugin', () => {
  let kind: unknown;
  try {
    open(undefined);
  } catch (error) {
    kind = errorKindOf(error);
  }
  expect(kind).toBe('fatal');
});
