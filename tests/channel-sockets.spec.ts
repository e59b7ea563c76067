import {
  notificationsSchema,
  orderedMessageSchema,
  serverMessageSchema,
  stateMessageSchema,
  type PlatformStatus,
} from '@strikewire/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startApiServer, type ApiServer } from './support/api-server';
import { eventually } from './support/real-platform';

let server: ApiServer;
let person: Record<string, string>;
let key: Record<string, string>;

beforeAll(async () => {
  server = await startApiServer();
  person = await server.person('viewer');
  key = await server.key(['chains:read']);
});

afterAll(() => server?.stop());

interface Message {
  type: string;
  channel?: string;
  [field: string]: unknown;
}

interface Talker {
  messages: Message[];
  say(message: object): void;
  close(): void;
}

/** A client that holds every message to its schema. */
function talk(headers: Record<string, string>, path = '/ws'): Promise<Talker> {
  const socket = new WebSocket(`${server.base.replace('http', 'ws')}${path}`, { headers });
  const talker: Talker = {
    messages: [],
    say: (message) => socket.send(JSON.stringify(message)),
    close: () => socket.terminate(),
  };
  socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString()) as Message;
    const isOrdered = ['subscribed', 'event', 'overflow'].includes(message.type);
    const ofChannel = isOrdered ? orderedMessageSchema : stateMessageSchema;
    const schema = message.channel === undefined ? serverMessageSchema : ofChannel;
    expect(schema.safeParse(message).error).toBeUndefined();
    talker.messages.push(message);
  });
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(talker));
    socket.once('error', reject);
  });
}

/** The market's time goes on until the client has so many messages of a type. */
async function until(talker: Talker, type: string, count = 1): Promise<Message[]> {
  const found = (): Message[] => talker.messages.filter((message) => message.type === type);
  await eventually(
    async () => {
      // Between two looks, which are a while apart.
      await server.market.clock.advance(500);
      return found().length;
    },
    (some) => some >= count,
  );
  return found();
}

async function read(path: string, headers = person): Promise<unknown> {
  return (await fetch(`${server.base}${path}`, { headers })).json();
}

describe('channels of state over a real socket', () => {
  it.each([
    [{ channel: 'greeks', underlying: 'NIFTY' }],
    [{ channel: 'pcr', underlying: 'NIFTY' }],
    [{ channel: 'quotes', keys: ['NSE:NIFTY', 'NSE:BANKNIFTY'] }],
    [{ channel: 'status' }],
  ])('%j: a layout, a snapshot, then deltas that join up', async (request) => {
    const client = await talk(key);
    client.say({ type: 'subscribe', id: 'x', ...request });
    // Figures of the status come every five seconds of real time: two are enough.
    const deltas = await until(client, 'delta', 2);
    const [layout, snapshot] = client.messages;
    expect(layout).toMatchObject({ type: 'layout', id: 'x', channel: request.channel });
    expect(snapshot).toMatchObject({ type: 'snapshot', stream: layout?.['stream'] });
    let { version } = snapshot as { version?: unknown };
    for (const delta of deltas) {
      expect(delta['previous']).toBe(version);
      version = delta['version'];
    }
    client.say({ type: 'unsubscribe', stream: layout?.['stream'] });
    await until(client, 'unsubscribed');
    client.close();
  });

  it('names the field of a request that is wrong', async () => {
    const client = await talk(key);
    client.say({ type: 'subscribe', channel: 'quotes', keys: ['NSE:NIFTY', 'NSE:NOBODY'] });
    client.say({ type: 'subscribe', channel: 'pcr', underlying: 'NIFTY', encoding: 'binary' });
    const errors = await until(client, 'error', 2);
    expect(errors).toMatchObject([
      { error: { code: 'underlying_unknown', details: { field: 'keys.1' } } },
      { error: { code: 'invalid_request', message: expect.stringContaining('encoding') } },
    ]);
    client.close();
  });

  it('/ws/status says what REST says, then what changes, and takes nothing', async () => {
    const client = await talk(key, '/ws/status');
    const [snapshot] = await until(client, 'snapshot');
    const status = (await read('/api/optionchain/status')) as PlatformStatus;
    const named = ({ underlyings }: PlatformStatus): string[] =>
      underlyings.flatMap(({ symbol, chains }) => chains.map(({ expiry }) => symbol + expiry));
    expect(named(snapshot?.['status'] as PlatformStatus)).toEqual(named(status));
    server.market.simulator.pause(true);
    const isStale = (message: Message): boolean =>
      JSON.stringify(message['status']).includes('"stale":true');
    await eventually(
      async () => {
        await server.market.clock.advance(1_000);
        return client.messages.filter(({ type }) => type === 'delta');
      },
      (deltas) => deltas.some(isStale),
    );
    server.market.simulator.pause(false);
    client.close();
  });
});

describe('ordered channels over a real socket', () => {
  it('tell people what comes to their inbox, numbered, and go on from where one was', async () => {
    const client = await talk(person);
    client.say({ type: 'subscribe', id: 1, channel: 'alerts' });
    const [subscribed] = await until(client, 'subscribed');
    const raise = (title: string): Promise<void> =>
      server.notifications.notifier.raise({ kind: 'a.test', severity: 'info', title, text: '' });
    await raise('first');
    await raise('second');
    const events = await until(client, 'event', 2);
    const from = subscribed?.['sequence'] as number;
    expect(events.map(({ sequence }) => sequence)).toEqual([from + 1, from + 2]);
    const inbox = notificationsSchema.parse(await read('/api/notifications'));
    expect(events.map(({ data }) => data).reverse()).toEqual(inbox.notifications.slice(0, 2));
    client.close();

    const again = await talk(person);
    const after = { epoch: subscribed?.['epoch'], sequence: from + 1 };
    again.say({ type: 'subscribe', channel: 'alerts', after });
    expect(await until(again, 'event')).toMatchObject([
      { sequence: from + 2, data: { title: 'second' } },
    ]);
    again.close();
  });

  it('are not for keys, as the inbox is not', async () => {
    const client = await talk(key);
    client.say({ type: 'subscribe', id: 'a', channel: 'alerts' });
    client.say({ type: 'subscribe', id: 'o', channel: 'orders' });
    const errors = await until(client, 'error', 2);
    expect(errors.map(({ id }) => id)).toEqual(['a', 'o']);
    const answer = await fetch(`${server.base}/api/notifications`, { headers: key });
    expect(answer.status).toBe(403);
    client.close();
  });
});
