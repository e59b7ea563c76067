import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import {
  failoverSchema,
  liveChainSchema,
  notificationsSchema,
  statusSchema,
  type Account,
  type Failover,
  type LiveChain,
  type PlatformStatus,
} from '@strikewire/contracts';
import type { TrueChain } from '@strikewire/simulator';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Mood } from './support/failover-broken-broker';
import { createBrokenPlugin, type BrokenPluginFolder } from './support/failover-plugin-folder';
import type { SimAccount } from './support/failover-stage';
import { eventually, startRealPlatform, type RealPlatform } from './support/real-platform';
import { SocketClient } from './support/socket-client';
import { truthDifferences } from './support/truth-difference';

const withinMs = 100_000;
// Several such waits come one after the other.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 400_000 });
/** Nobody waits longer for what is served from memory, but on a machine that is busy just then. */
const answerMs = 2_000;
/** What changes something may wait for the plugin. */
const doneMs = 60_000;
/** The plugin looks at its mood now and then: by then it has. */
const moodMs = 200;
let folder: BrokenPluginFolder;
let flood: WebSocketServer;
let platform: RealPlatform;
let client: SocketClient;
let account: Account;
let strikes: number;

/** As many frames as the other side takes, none of which it can read. */
function pour(socket: WebSocket): void {
  const frame = new Uint8Array(162).fill(8);
  const timer = setInterval(() => {
    for (let count = 0; count < 2_000 && socket.bufferedAmount < 1_000_000; count++) {
      socket.send(frame);
    }
  }, 1);
  socket.on('close', () => clearInterval(timer));
  socket.on('error', () => {});
}

beforeAll(async () => {
  flood = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  flood.on('connection', pour);
  await once(flood, 'listening');
  const { port } = flood.address() as { port: number };
  folder = await createBrokenPlugin();
  platform = await startRealPlatform({
    apiFile: folder.apiFile,
    env: {
      ...folder.env,
      DHAN_CLIENT_ID: '',
      DHAN_ACCESS_TOKEN: '',
      BROKEN_FLOOD_URL: `ws://127.0.0.1:${port}`,
    },
  });
  const [first] = (await platform.sim('accounts')) as SimAccount[];
  account = (await send('/api/accounts', 'POST', {
    broker: 'broken',
    label: 'Only',
    credentials: { clientId: first?.clientId, accessToken: first?.token },
  })) as Account;
  await isLive();
  client = await SocketClient.open(platform.socketUrl(), platform.headers);
  client.send({
    type: 'subscribe', id: 1, channel: 'chain', encoding: 'binary', underlying: 'NIFTY',
  });
  await eventually(() => client.frames.held.size, (size) => size === 1);
  strikes = (await served()).strikes.length;
});

afterAll(async () => {
  client?.close();
  await platform?.stop();
  flood?.close();
  folder?.remove();
});

async function asked(path: string, init: RequestInit, ms: number): Promise<unknown> {
  const answer = await platform.fetch(path, { ...init, signal: AbortSignal.timeout(ms) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

/** Whatever waits for the plugin is late however often it is asked. */
async function json(path: string): Promise<unknown> {
  const triesMax = 10;
  for (let tries = 1; ; tries++) {
    try {
      return await asked(path, {}, answerMs);
    } catch (error) {
      if ((error as Error).name !== 'TimeoutError' || tries === triesMax) throw error;
    }
  }
}

const send = (path: string, method: string, body: object): Promise<unknown> => asked(path, {
  method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body),
}, doneMs);

async function become(mood: Mood): Promise<void> {
  folder.become(mood);
  await wait(moodMs);
}

const failover = async (): Promise<Failover> => failoverSchema.parse(await json('/api/failover'));
const status = async (): Promise<PlatformStatus> =>
  statusSchema.parse(await json('/api/optionchain/status'));
const served = async (): Promise<LiveChain> =>
  liveChainSchema.parse(await json('/api/optionchain/live?underlying=NIFTY'));

/** The kinds of trouble that people were told of: what comes again soon is told as one. */
async function told(): Promise<string[]> {
  const { notifications } = notificationsSchema.parse(await json('/api/notifications'));
  return notifications.map(({ kind }) => kind);
}

async function isLive(): Promise<void> {
  await eventually(failover, ({ degraded, accounts: [only] }) =>
    !degraded && (only?.sockets.live ?? 0) > 0, withinMs);
  await eventually(status, ({ phase }) => phase === 'live', withinMs);
  await eventually(served, ({ stale }) => !stale, withinMs);
}

/** What the client holds of the nearest chain, against the market, which stands still. */
async function wrongPrices(): Promise<string[]> {
  await platform.sim('pause', { paused: true });
  const find = async (): Promise<string[]> => {
    const [held] = client.frames.held.values();
    if (!held) return ['nothing is held'];
    const { underlying, expiry } = held.layout;
    const truth = await platform.sim(`truth/chain?underlying=${underlying}&expiry=${expiry}`);
    return truthDifferences(held, truth as TrueChain).filter((one) => / ltp /.test(one));
  };
  try {
    return await eventually(find, ({ length }) => length === 0).catch(find);
  } finally {
    await platform.sim('pause', { paused: false });
  }
}

/** The cache is served and marked, people are told why, and nobody is cut off. */
async function isServedStale(news: string): Promise<void> {
  await eventually(served, ({ stale }) => stale, withinMs);
  expect((await served()).strikes).toHaveLength(strikes);
  await eventually(status, ({ phase }) => phase === 'degraded', withinMs);
  await eventually(told, (kinds) => kinds.includes(news), withinMs);
}

/** Nobody is left who carries; the only account stands like this. */
async function isDegraded(standing: string): Promise<void> {
  await eventually(failover, ({ degraded, accounts }) =>
    degraded && accounts[0]?.standing === standing, withinMs);
}

async function isRight(): Promise<void> {
  await isLive();
  expect(await wrongPrices()).toEqual([]);
  expect([client.closed, client.frames.faults]).toEqual([null, []]);
  // The broker may count a connection that broke for a while.
  await platform.sim('faults', undefined, 'DELETE');
}

describe('the platform serves its cache, says what is wrong, and recovers', () => {
  it.each<[Mood, RegExp]>([
    ['throws', /broken on purpose/],
    ['hangs', /no address after/],
  ])('with a plugin that %s in every method', async (mood, reason) => {
    await become(mood);
    // What is connected may go on; what is opened anew cannot.
    await platform.sim('faults', { kind: 'dropSocket', socket: 'all' });
    await isServedStale('failover.degraded');
    await isDegraded('lost');
    await eventually(status, ({ feed }) =>
      feed.sockets.some((one) => reason.test(one.reason ?? '')), withinMs);
    await become('well');
    await isRight();
    const output = (): string => platform.api.output();
    await eventually(output, (text) => /on purpose.*nobody waited for/.test(text));
  });

  it('with credentials that are all wrong', async () => {
    await platform.sim('faults', { kind: 'expireToken' });
    await isServedStale('account.parked');
    await isDegraded('parked');
    const { clientId } = ((await platform.sim('accounts')) as SimAccount[])[0] as SimAccount;
    const { token } = (await platform.sim('accounts/renew', { clientId })) as SimAccount;
    await send(`/api/accounts/${account.id}`, 'PATCH', { credentials: { accessToken: token } });
    await isRight();
  });

  it('with accounts that are all switched off', async () => {
    const path = `/api/accounts/${account.id}`;
    await expect(send(path, 'PATCH', { enabled: false })).rejects.toThrow(/last account/);
    await send(`${path}?force=true`, 'PATCH', { enabled: false });
    await isServedStale('feed.lost');
    await eventually(failover, ({ accounts }) => accounts.length === 0);
    await send(path, 'PATCH', { enabled: true });
    await isRight();
  });

  it('with a feed that floods', async () => {
    await become('floods');
    await platform.sim('faults', { kind: 'dropSocket', socket: 'all' });
    await isServedStale('feed.lost');
    await become('well');
    for (const socket of flood.clients) socket.terminate();
    await isRight();
  });
});
