import { orderedMessageSchema, socketLimits, type OrderedMessage } from '@strikewire/contracts';
import { createSeededRandom } from '@strikewire/runtime';
import { createVirtualClock } from '@strikewire/runtime/virtual';
import { describe, expect, it } from 'vitest';
import { OrderedChannel, type OrderedPlace } from './ordered-channel';

const { bufferedBytesMax, orderedLogMax, slowMsMax } = socketLimits;

function setUp() {
  const clock = createVirtualClock(Date.parse('2026-11-24T04:30:00Z'));
  let lastId = 40;
  const takeId = (): number => ++lastId;
  const resync = 'GET /api/orders';
  const channel = new OrderedChannel({ clock, channel: 'orders', resync, takeId });
  return { clock, channel };
}

function follower() {
  const messages: OrderedMessage[] = [];
  const client = {
    buffered: 0,
    cuts: 0,
    send: (data: unknown) =>
      void messages.push(orderedMessageSchema.parse(JSON.parse(String(data)))),
    bufferedBytes: () => client.buffered,
    cut: () => void client.cuts++,
  };
  const news = (): OrderedMessage[] => messages.splice(0);
  const events = (): unknown[] =>
    news().map((one) => (one.type === 'event' ? [one.sequence, one.data] : one.type));
  return { client, news, events };
}

describe('an ordered channel', () => {
  it('numbers what each audience is told, and tells nobody else', () => {
    const { channel } = setUp();
    const [a, b] = [follower(), follower()];
    channel.join(a.client, 'a', { id: 'mine' });
    channel.join(b.client, 'b', {});
    expect(a.news()).toMatchObject([{ type: 'subscribed', id: 'mine', sequence: 0 }]);
    expect([1, 2].map((data) => channel.publish({ data }, 'a'))).toEqual([1, 2]);
    channel.publish('for b', 'b');
    expect(a.events()).toEqual([[1, { data: 1 }], [2, { data: 2 }]]);
    expect(b.events()).toEqual(['subscribed', [1, 'for b']]);
  });

  it('goes on after the message that a client has', () => {
    const { channel } = setUp();
    const first = follower();
    channel.join(first.client, 'a', {});
    const [{ epoch }] = first.news() as [OrderedPlace & OrderedMessage];
    for (let count = 1; count <= 5; count++) channel.publish(count, 'a');
    const again = follower();
    channel.join(again.client, 'a', { after: { epoch, sequence: 3 } });
    expect(again.events()).toEqual(['subscribed', [4, 4], [5, 5]]);
  });

  it('says so when what a client has missed is no longer there, and goes on', () => {
    const { channel } = setUp();
    const first = follower();
    channel.join(first.client, 'a', {});
    const [{ epoch }] = first.news() as [OrderedPlace & OrderedMessage];
    for (let count = 1; count <= orderedLogMax + 10; count++) channel.publish(count, 'a');
    const late = follower();
    channel.join(late.client, 'a', { after: { epoch, sequence: 4 } });
    const [subscribed, overflow, ...rest] = late.news();
    expect(subscribed).toMatchObject({ type: 'subscribed', sequence: 4 });
    expect(overflow).toMatchObject({
      type: 'overflow', dropped: 6, sequence: 10, resync: 'GET /api/orders',
    });
    expect(rest).toHaveLength(orderedLogMax);
    expect(rest[0]).toMatchObject({ type: 'event', sequence: 11 });
  });

  it.each([
    ['another run', { epoch: 'elsewhere', sequence: 1 }],
    ['the future', { epoch: '', sequence: 99 }],
  ])('says so when a client\'s place is of %s', (_what, place) => {
    const { channel } = setUp();
    channel.publish('old', 'a');
    const { client, news } = follower();
    channel.join(client, 'a', {});
    const [held] = news();
    const epoch = place.epoch || (held?.epoch ?? '');
    channel.join(client, 'a', { after: { ...place, epoch } });
    expect(news()).toMatchObject([
      { type: 'subscribed', sequence: 1 },
      { type: 'overflow', dropped: null, sequence: 1 },
    ]);
    channel.publish('new', 'a');
    expect(news()).toMatchObject([{ type: 'event', sequence: 2 }]);
  });

  it('keeps what comes for a slow client until it has drained, in order', async () => {
    const { clock, channel } = setUp();
    const { client, events } = follower();
    channel.join(client, 'a', {});
    events();
    client.buffered = bufferedBytesMax + 1;
    for (let count = 1; count <= 3; count++) channel.publish(count, 'a');
    await clock.advance(1_000);
    expect(events()).toEqual([]);
    client.buffered = 0;
    await clock.advance(200);
    channel.publish(4, 'a');
    expect(events()).toEqual([[1, 1], [2, 2], [3, 3], [4, 4]]);
    expect(clock.pendingCount).toBe(0);
  });

  it('tells a slow client how much has gone by, never nothing', async () => {
    const { clock, channel } = setUp();
    const { client, news } = follower();
    channel.join(client, 'a', {});
    news();
    client.buffered = bufferedBytesMax + 1;
    for (let count = 1; count <= orderedLogMax + 7; count++) channel.publish(count, 'a');
    client.buffered = 0;
    await clock.advance(200);
    const [overflow, ...rest] = news();
    expect(overflow).toMatchObject({ type: 'overflow', dropped: 7, sequence: 7 });
    expect(rest.map((one) => one.sequence)).toEqual(
      Array.from({ length: orderedLogMax }, (_, index) => index + 8),
    );
  });

  it('cuts a client that does not drain, and lets it go', async () => {
    const { clock, channel } = setUp();
    const { client } = follower();
    const stream = channel.join(client, 'a', {});
    client.buffered = bufferedBytesMax + 1;
    channel.publish(1, 'a');
    await clock.advance(slowMsMax);
    expect(client.cuts).toBe(0);
    await clock.advance(300);
    expect(client.cuts).toBe(1);
    expect(channel.leave(stream, client)).toBe(false);
    expect(clock.pendingCount).toBe(0);
  });

  it.each([1, 2, 3, 4, 5])('loses nothing in silence, whatever happens (%i)', async (seed) => {
    const { clock, channel } = setUp();
    const random = createSeededRandom(seed);
    const clients = Array.from({ length: 4 }, () => ({ ...follower(), held: 0, epoch: '' }));
    const read = (one: (typeof clients)[number]): void => {
      for (const message of one.news()) {
        if (message.type === 'event') expect(message.sequence).toBe(one.held + 1);
        if (message.type === 'subscribed') expect([0, one.held]).toContain(message.sequence);
        if (message.type === 'overflow') {
          expect(message.sequence).toBe(one.held + (message.dropped ?? NaN));
        }
        one.held = message.sequence;
        one.epoch = message.epoch;
      }
    };
    for (const one of clients) channel.join(one.client, 'a', {});
    for (let step = 0; step < 300; step++) {
      const one = clients[Math.floor(random.next() * clients.length)]!;
      const event = random.next();
      read(one);
      if (event < 0.2) one.client.buffered = random.next() < 0.5 ? bufferedBytesMax * 2 : 0;
      else if (event < 0.3) channel.drop(one.client);
      else if (event < 0.4) {
        const { epoch, held: sequence } = one;
        channel.join(one.client, 'a', { after: { epoch, sequence } });
      } else {
        const count = random.next() < 0.03 ? orderedLogMax + 50 : 3;
        for (let index = 0; index < count; index++) channel.publish(step, 'a');
      }
      await clock.advance(50);
      for (const each of clients) read(each);
    }
    for (const one of clients) {
      one.client.buffered = 0;
      channel.join(one.client, 'a', { after: { epoch: one.epoch, sequence: one.held } });
      read(one);
    }
    const last = channel.publish('last', 'a');
    for (const one of clients) {
      read(one);
      expect(one.held).toBe(last);
    }
  });
});
