import { greeksUpdateSchema, liveChainSchema, pcrUpdateSchema } from '@strikewire/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { eventually, startRealPlatform, type RealPlatform } from './support/real-platform';

let platform: RealPlatform;

beforeAll(async () => {
  platform = await startRealPlatform({ ticksPerSecond: 2_000 });
  const statusOf = async (): Promise<number> =>
    (await platform.fetch('/api/optionchain/live?underlying=NIFTY')).status;
  await eventually(statusOf, (status) => status === 200);
});

afterAll(() => platform?.stop());

interface Follower {
  messages: { type: string; data: Record<string, unknown> }[];
  closed: { code: number; reason: string } | null;
  close(): void;
}

/** A client of `/ws/greeks` that sends nothing, as it should. */
function follow(query: string): Promise<Follower> {
  const url = platform.url(`/ws/greeks${query}`).replace('http', 'ws');
  const socket = new WebSocket(url, { headers: platform.headers });
  const follower: Follower = { messages: [], closed: null, close: () => socket.terminate() };
  socket.on('message', (data: Buffer) => follower.messages.push(JSON.parse(data.toString())));
  socket.on('close', (code, reason) => (follower.closed = { code, reason: reason.toString() }));
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(follower));
    socket.once('error', reject);
  });
}

describe('/ws/greeks', () => {
  it('tells every contract of the nearest expiry, then those that change', async () => {
    const follower = await follow('');
    const answer = await platform.fetch('/api/optionchain/live?underlying=NIFTY');
    const live = liveChainSchema.parse(await answer.json());
    const keys = live.strikes.flatMap(({ CE, PE }) => [CE.key, PE.key]);
    const known = (): number[] => follower.messages
      .map(({ data }) => (data['greeks'] as { delta: number | null } | undefined)?.delta)
      .filter((delta) => typeof delta === 'number');
    // On the day of an expiry few contracts have any, which come again and again.
    await eventually(
      () => [follower.messages.length, known().length],
      ([all = 0, some = 0]) => all > keys.length + 50 && some > 20,
    );
    const deltas = known();
    follower.close();
    const { messages } = follower;
    const first = messages.slice(0, keys.length);
    expect(first.map(({ data }) => data['instrumentKey'])).toEqual(keys);
    for (const message of messages) {
      const schema = message.type === 'pcr_update' ? pcrUpdateSchema : greeksUpdateSchema;
      expect(schema.safeParse(message).error).toBeUndefined();
    }
    expect(messages[keys.length]?.type).toBe('pcr_update');
    expect(deltas.every((delta) => Math.abs(delta) <= 1)).toBe(true);
  });

  it.each([
    ['?underlying=NOTHING', 'underlying_unknown'],
    ['?underlying=NIFTY&expiry=2026-13-01', 'invalid_request'],
    ['?underlying=NIFTY&expiry=2019-01-03', 'expiry_not_listed'],
  ])('refuses %s with %s and closes', async (query, code) => {
    const follower = await follow(query);
    await eventually(() => follower.closed, (closed) => closed !== null);
    expect(follower.messages).toMatchObject([{ type: 'error', error: { code } }]);
    expect(follower.closed).toEqual({ code: 1008, reason: code });
  });

  it('refuses a page of another origin', async () => {
    const url = platform.url('/ws/greeks').replace('http', 'ws');
    const socket = new WebSocket(url, {
      headers: { ...platform.headers, origin: 'http://elsewhere.example' },
    });
    const refusal = await new Promise((resolve) => socket.once('error', resolve));
    expect(String(refusal)).toMatch(/403/);
  });
});

describe('GET /api/optionchain/term-structure', () => {
  it('has a point for each built chain, nearest first', async () => {
    interface Point { expiry: string; yearsToExpiry: number; atmIv: number | null }
    const read = async (): Promise<Point[]> => {
      const answer = await platform.fetch('/api/optionchain/term-structure?underlying=NIFTY');
      return ((await answer.json()) as { points: Point[] }).points;
    };
    // Chains are built one after the other.
    const points = await eventually(
      read, (some) => some.length > 3 && some.every(({ atmIv }) => atmIv !== null),
    );
    expect(points.map(({ expiry }) => expiry)).toEqual(points.map(({ expiry }) => expiry).sort());
    for (const { yearsToExpiry, atmIv } of points) {
      expect(yearsToExpiry).toBeGreaterThan(0);
      expect(atmIv).toBeGreaterThan(1);
    }
  });

  it('refuses an underlying that is not served', async () => {
    const answer = await platform.fetch('/api/optionchain/term-structure?underlying=X');
    expect(answer.status).toBe(404);
  });
});
