import { createRequire } from 'node:module';
import { createNodeClock, serveSite, type ServedSite } from '@strikewire/runtime/node';
import {
  createSimulator, defaultUnderlyings, defaultUpstoxAccount, type Simulator,
} from '@strikewire/simulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './support/real-platform';

/**
 * A broker's own client library, as it comes, against the broker's simulated face over real
 * sockets. All that is changed is where it connects to, by the hooks that it has for that.
 */
const require = createRequire(import.meta.url);

type Callback = (error: unknown, data: unknown, response: { body: unknown } | undefined) => void;
type Call = (...given: unknown[]) => void;
type Api = Record<string, Call>;

interface Streamer {
  on(event: string, listener: (data: Buffer) => void): void;
  autoReconnect(isOn: boolean, seconds?: number, tries?: number): void;
  connect(): Promise<void>;
  disconnect(): void;
  subscribe(keys: readonly string[], mode: string): void;
  unsubscribe(keys: readonly string[]): void;
  changeMode(keys: readonly string[], mode: string): void;
}

interface Sdk {
  ApiClient: {
    instance: {
      basePath: string;
      orderBasePath: string;
      authentications: { OAUTH2: { accessToken: string } };
    };
  };
  OptionsApi: new () => Api;
  MarketQuoteV3Api: new () => Api;
  MarketHolidaysAndTimingsApi: new () => Api;
  LoginApi: new () => Api;
  WebsocketApi: new () => Api;
  MarketDataStreamerV3: new (keys: readonly string[], mode: string) => Streamer;
}

interface Feeder {
  protobufRoot: unknown;
  connectWebSocket(this: Feeder, url: string, token: string): Promise<unknown>;
}

const sdk = require('upstox-js-sdk') as Sdk;
const { MarketDataFeederV3: { prototype: feeder } } =
  require('upstox-js-sdk/dist/feeder/MarketDataFeederV3') as {
    MarketDataFeederV3: { prototype: Feeder };
  };

const nifty = 'NSE_INDEX|Nifty 50';
const dial = feeder.connectWebSocket;
let simulator: Simulator;
let served: ServedSite;

beforeAll(async () => {
  simulator = createSimulator({
    clock: createNodeClock(), seed: 5, sessions: { kind: 'always' }, holidays: [],
    underlyings: defaultUnderlyings.filter(({ kind }) => kind === 'index'),
    rates: { ticksPerSecond: 500 },
  });
  served = await serveSite(simulator.sites.upstox, {
    host: '127.0.0.1', port: 0, bodyBytesMax: 1_000_000,
  });
  const { instance } = sdk.ApiClient;
  instance.basePath = instance.orderBasePath = `http://127.0.0.1:${served.port}`;
  instance.authentications.OAUTH2.accessToken = defaultUpstoxAccount.token;
  feeder.connectWebSocket = async function connectWebSocket(url, token) {
    // Its description of messages loads beside: what comes before is lost.
    await eventually(() => this.protobufRoot !== null, (isLoaded) => isLoaded);
    const path = new URL(url).pathname;
    return dial.call(this, `ws://127.0.0.1:${served.port}${path}`, token);
  };
});

afterAll(async () => {
  feeder.connectWebSocket = dial;
  simulator.stop();
  await served.close();
});

/** A call of the library as a promise of what it read from the answer. */
function ask<T>(api: Api, name: string, ...given: unknown[]): Promise<T> {
  return new Promise((resolve, reject) => {
    const done: Callback = (error, data) => (error ? reject(error) : resolve(data as T));
    api[name]?.(...given, done);
  });
}

interface Told {
  type?: string;
  feeds?: Record<string, {
    ltpc?: { ltp: number };
    requestMode?: string;
    fullFeed?: { marketFF: { ltpc: { ltp: number }; oi: number } };
  }>;
  marketInfo?: { segmentStatus: Record<string, string> };
}

describe('the library of Upstox', () => {
  const options = (): Api => new sdk.OptionsApi();
  const expiry = (): string => {
    const underlying = simulator.market.underlying('NIFTY');
    return (underlying && simulator.market.expiries(underlying)[0]) ?? '';
  };

  it('reads contracts and a chain', async () => {
    const { data: contracts } = await ask<{ data: { instrumentKey: string; lotSize: number }[] }>(
      options(), 'getOptionContracts', nifty, { expiryDate: expiry() },
    );
    const { data: rows } = await ask<{
      data: { strikePrice: number; callOptions: { instrumentKey: string } }[];
    }>(options(), 'getPutCallOptionChain', nifty, expiry());
    const truth = simulator.truth.chain('NIFTY', expiry());
    expect(rows.map(({ strikePrice }) => strikePrice)).toEqual(
      truth?.strikes.map(({ strike }) => strike),
    );
    expect(contracts[0]).toMatchObject({
      instrumentKey: rows[0]?.callOptions.instrumentKey, lotSize: 65,
    });
  });

  it('reads last prices, keys with spaces and all', async () => {
    const { data } = await ask<{ data: Record<string, { lastPrice: number; cp: number }> }>(
      new sdk.MarketQuoteV3Api(), 'getLtp', { instrumentKey: `${nifty},BSE_INDEX|SENSEX` },
    );
    expect(Object.keys(data)).toEqual(['NSE_INDEX:Nifty 50', 'BSE_INDEX:SENSEX']);
    expect(data['BSE_INDEX:SENSEX']?.lastPrice).toBeGreaterThan(50_000);
  });

  it('reads the calendar', async () => {
    const { data } = await ask<{ data: { exchange: string }[] }>(
      new sdk.MarketHolidaysAndTimingsApi(), 'getExchangeTimings', '2026-11-24',
    );
    expect(data.map(({ exchange }) => exchange)).toContain('NFO');
  });

  it('trades a code for a token', async () => {
    const { apiKey, apiSecret, redirectUri } = defaultUpstoxAccount;
    const query = new URLSearchParams({
      response_type: 'code', client_id: apiKey, redirect_uri: redirectUri,
    });
    const dialog = await fetch(
      `http://127.0.0.1:${served.port}/v2/login/authorization/dialog?${query.toString()}`,
      { redirect: 'manual' },
    );
    const code = new URL(dialog.headers.get('location') ?? '').searchParams.get('code');
    const { accessToken, userId } = await ask<{ accessToken: string; userId: string }>(
      new sdk.LoginApi(), 'token', '2.0', {
        code, clientId: apiKey, clientSecret: apiSecret, redirectUri,
        grantType: 'authorization_code',
      },
    );
    expect(userId).toBe(defaultUpstoxAccount.clientId);
    const old = ask(options(), 'getPutCallOptionChain', nifty, expiry());
    await expect(old).rejects.toMatchObject({ status: 401 });
    sdk.ApiClient.instance.authentications.OAUTH2.accessToken = accessToken;
    await ask(options(), 'getPutCallOptionChain', nifty, expiry());
  });

  it('streams by the redirect, decodes, changes modes, and comes back after a break', async () => {
    const leg = simulator.truth.chain('NIFTY', expiry())?.strikes[120]?.CE;
    const key = `NSE_FO|${leg?.securityId}`;
    const told: Told[] = [];
    const lastOf = (one: string) => told.findLast(({ feeds }) => feeds?.[one])?.feeds?.[one];
    const streamer = new sdk.MarketDataStreamerV3([nifty], 'ltpc');
    streamer.on('error', () => {});
    streamer.on('message', (data) => told.push(JSON.parse(data.toString()) as Told));
    streamer.autoReconnect(true, 1, 5);
    await streamer.connect();
    await eventually(() => lastOf(nifty)?.ltpc?.ltp, (ltp) => ltp !== undefined);
    expect(told[0]).toMatchObject({
      type: 'market_info', marketInfo: { segmentStatus: { NSE_FO: 'NORMAL_OPEN' } },
    });
    streamer.subscribe([key], 'ltpc');
    await eventually(() => lastOf(key)?.ltpc?.ltp, (ltp) => ltp !== undefined);
    streamer.changeMode([key], 'full');
    await eventually(() => lastOf(key)?.requestMode, (mode) => mode === 'full_d5');
    simulator.pause(true);
    const truth = simulator.truth.contract('NSE_FNO', leg?.securityId ?? 0);
    await eventually(
      () => lastOf(key)?.fullFeed?.marketFF,
      (shown) => shown?.ltpc.ltp === truth?.ltp && shown?.oi === truth?.oi,
    );
    simulator.pause(false);
    const status = () => simulator.status().faces.upstox;
    const before = status().handshakes;
    simulator.faults.add({ broker: 'upstox', kind: 'dropSocket', socket: 'all' });
    await eventually(
      () => [status().handshakes - before, status().sockets[0]?.instruments],
      ([handshakes = 0, instruments]) => handshakes > 0 && instruments === 2,
    );
    const at = told.length;
    await eventually(() => told.slice(at).some(({ feeds }) => feeds?.[key]), (isTold) => isTold);
    streamer.unsubscribe([key]);
    streamer.disconnect();
    await eventually(() => simulator.status().faces.upstox.sockets.length, (open) => open === 0);
    expect(simulator.violations().total).toBe(0);
  });
});
