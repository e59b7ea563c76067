import { readFileSync } from 'node:fs';
import { defineBroker, type BrokerInstance, type FeedProtocol } from '@strikewire/broker';
import { dhanBroker } from '@strikewire/broker-dhan';

/** How the plugin behaves: the file that `BROKEN_MOOD` names has one of these in it. */
export type Mood = 'well' | 'throws' | 'hangs' | 'floods';

const lookMs = 50;
let looked: { atMs: number; mood: Mood } = { atMs: -Infinity, mood: 'well' };

function mood(): Mood {
  if (performance.now() - looked.atMs > lookMs) {
    const text = readFileSync(process.env['BROKEN_MOOD'] ?? '', 'utf8');
    looked = { atMs: performance.now(), mood: text.trim() as Mood };
  }
  return looked.mood;
}

const setting = (name: string): string => process.env[name] ?? '';

/** Methods of a part: each throws, or what promises something never keeps it. */
function moody<T extends object>(part: T, name: string): T {
  return new Proxy(part, {
    get(target, key) {
      const held: unknown = Reflect.get(target, key);
      if (typeof held !== 'function') return held;
      return (...args: unknown[]): unknown => {
        if (mood() === 'throws') {
          leaveBehind();
          throw broken(`${name}.${String(key)}`);
        }
        const isAsync = !/feed/i.test(name) || key === 'address';
        if (mood() === 'hangs' && isAsync) return new Promise(() => {});
        const answer: unknown = Reflect.apply(held, target, args);
        return key === 'createDecoder' ? moody(answer as object, 'decoder') : answer;
      };
    },
  });
}

/** As a plugin does that forgets to wait for what it has begun. */
function leaveBehind(): void {
  void Promise.reject(broken('a promise that nobody waits for'));
}

const broken = (what: string): Error => new Error(`${what} is broken on purpose`);

function moodyFeed(feed: FeedProtocol): FeedProtocol {
  const address: FeedProtocol['address'] = () =>
    mood() === 'floods' ? { url: setting('BROKEN_FLOOD_URL') } : feed.address();
  return moody({
    address,
    subscribe: (items) => feed.subscribe(items),
    unsubscribe: (items) => feed.unsubscribe(items),
    wireId: (token) => feed.wireId(token),
    createDecoder: () => feed.createDecoder(),
    classifyEnd: (end) => feed.classifyEnd(end),
  } satisfies FeedProtocol, 'feed');
}

/** A broker of somebody else's, whose plugin is well until it is told otherwise. */
export const brokenBroker = defineBroker({
  ...dhanBroker,
  id: 'broken',
  label: 'Broken Broker',
  environment: {
    credentials: {
      clientId: 'BROKEN_CLIENT_ID',
      accessToken: 'BROKEN_ACCESS_TOKEN',
      pin: 'BROKEN_PIN',
      totpSecret: 'BROKEN_TOTP_SECRET',
    },
    endpoints: {
      rest: 'BROKEN_REST_URL',
      feed: 'BROKEN_FEED_URL',
      depth: 'BROKEN_DEPTH_URL',
      orders: 'BROKEN_ORDERS_URL',
      auth: 'BROKEN_AUTH_URL',
      master: 'BROKEN_MASTER_URL',
    },
  },
  create({ credentials }, deps): BrokerInstance {
    if (mood() === 'throws') throw broken('create');
    const endpoints = {
      rest: setting('DHAN_REST_URL'),
      feed: setting('DHAN_FEED_URL'),
      orders: setting('DHAN_ORDERS_URL'),
      auth: setting('DHAN_AUTH_URL'),
      master: setting('DHAN_MASTER_URL'),
    };
    const instance = dhanBroker.create({ credentials, endpoints }, deps);
    const whole: BrokerInstance = {
      ...instance,
      marketData: moody(instance.marketData, 'marketData'),
      feed: moodyFeed(instance.feed),
      ...(instance.orders && { orders: moody(instance.orders, 'orders') }),
      ...(instance.orderFeed && { orderFeed: moody(instance.orderFeed, 'orderFeed') }),
      ...(instance.margin && { margin: moody(instance.margin, 'margin') }),
      ...(instance.auth && { auth: moody(instance.auth, 'auth') }),
    };
    const { check } = moody({ check: () => instance.check() }, 'instance');
    return { ...whole, check };
  },
});
