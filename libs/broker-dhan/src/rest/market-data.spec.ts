import type { BudgetSlot, InstrumentToken, ListedUnderlying } from '@strikewire/broker';
import { silentLog, type HttpRequest, type Log, type Random } from '@strikewire/runtime';
import { createVirtualClock } from '@strikewire/runtime/virtual';
import { describe, expect, it } from 'vitest';
import { chainBody, dataError, html, legOf, tradingError } from '../fixtures/answers';
import { dhanBroker } from '../plugin';

const credentials = { clientId: '1000000001', accessToken: 'eyJhbGciOiJIUzUxMiJ9.secret' };
const endpoints = {
  rest: 'https://rest.example/v2',
  feed: 'wss://feed.example',
  auth: 'https://auth.example',
  master: 'https://files.example/master.csv',
};
const ofIndex = (exchange: 'NSE' | 'BSE', symbol: string, id: string): ListedUnderlying => {
  const token = { segment: 'IDX_I', id };
  return { exchange, symbol, kind: 'index', spot: token, chain: token };
};
const nifty = ofIndex('NSE', 'NIFTY', '13');
const sensex = ofIndex('BSE', 'SENSEX', '51');
const crude: ListedUnderlying = {
  exchange: 'MCX',
  symbol: 'CRUDEOIL',
  kind: 'commodity',
  spot: { segment: 'MCX_COMM', id: '565899' },
  chain: { segment: 'MCX_COMM', id: '294' },
};
const random: Random = { next: () => 0.5 };

type Answer = string | { status: number; body: string };

/** An account whose broker answers with what `reply` says; notes requests and budget slots. */
function setUp(reply: (request: HttpRequest) => Answer, log: Log = silentLog) {
  const requests: HttpRequest[] = [];
  const slots: BudgetSlot[] = [];
  const clock = createVirtualClock(Date.parse('2026-11-24T04:00:00Z'));
  const answer = (request: HttpRequest): { status: number; bytes: Uint8Array } => {
    requests.push(request);
    const replied = reply(request);
    const { status, body } = typeof replied === 'string' ? { status: 200, body: replied } : replied;
    return { status, bytes: new TextEncoder().encode(body) };
  };
  const instance = dhanBroker.create(
    { credentials, endpoints },
    {
      clock,
      random,
      log,
      gate: {
        run(slot, send) {
          slots.push(slot);
          return send();
        },
      },
      http: {
        async send(request) {
          await clock.advance(70);
          const { status, bytes } = answer(request);
          return { status, headers: {}, body: bytes };
        },
        async stream(request) {
          const { status, bytes } = answer(request);
          const chunks = (async function* () {
            yield bytes;
          })();
          return { status, headers: {}, chunks };
        },
      },
    },
  );
  return { ...instance, requests, slots, clock };
}

const bodyOf = (request: HttpRequest | undefined): unknown => JSON.parse(String(request?.body));

describe('requests', () => {
  it('send the raw token, the client id, and ids as numbers', async () => {
    const { marketData, requests } = setUp(() => chainBody({ '100.000000': { ce: legOf(7) } }));
    await marketData.chain(sensex, '2026-11-26');
    const url = 'https://rest.example/v2/optionchain';
    expect(requests[0]).toMatchObject({ method: 'POST', url });
    expect(requests[0]?.headers).toMatchObject({
      'access-token': credentials.accessToken,
      'client-id': '1000000001',
      'content-type': 'application/json',
    });
    expect(bodyOf(requests[0])).toEqual({
      UnderlyingScrip: 51,
      UnderlyingSeg: 'IDX_I',
      Expiry: '2026-11-26',
    });
  });

  it('count as of when they were sent, and take the exchange\'s option segment', async () => {
    const { marketData, clock } = setUp(() => chainBody({ '100.000000': { ce: legOf(7) } }));
    await clock.advance(1_000);
    const chain = await marketData.chain(sensex, '2026-11-26');
    expect(chain.sentMonoMs).toBe(1_000);
    expect(chain.receivedMs).toBe(clock.wallMs());
    expect(chain.strikes[0]?.CE?.token).toEqual({ segment: 'BSE_FNO', id: '7' });
  });

  it('each have their place in the budget, chains by underlying and expiry', async () => {
    const set = setUp((request) =>
      request.url.endsWith('ltp') ? '{"data":{}}' : '{"data":{"oc":{}}}');
    await set.marketData.chain(nifty, '2026-11-24');
    await set.marketData.chain(nifty, '2026-12-01', 9);
    await set.marketData.lastPrices([{ segment: 'IDX_I', id: '13' }]);
    await set.marketData.expiries(nifty).catch(() => []);
    const classes = new Set(dhanBroker.limits.rest.map((rule) => rule.class));
    expect(set.slots.every((slot) => classes.has(slot.class))).toBe(true);
    expect(set.slots[2]?.class).toBe('quote');
    expect(set.slots[1]?.priority).toBe(9);
    const keys = [0, 1, 3].map((index) => set.slots[index]?.key);
    expect(new Set(keys).size).toBe(3);
  });

  it('call a commodity what the broker does, not what its future is called', async () => {
    const { marketData, requests } = setUp((request) => request.url.endsWith('expirylist')
      ? '{"data":["2026-12-16"],"status":"success"}'
      : chainBody({ '5850.000000': { ce: legOf(571_001) } }));
    expect(await marketData.expiries(crude)).toEqual(['2026-12-16']);
    const chain = await marketData.chain(crude, '2026-12-16');
    const asked = { UnderlyingScrip: 294, UnderlyingSeg: 'MCX_COMM' };
    expect(requests.map(bodyOf)).toEqual([asked, { ...asked, Expiry: '2026-12-16' }]);
    expect(chain.strikes[0]?.CE?.token).toEqual({ segment: 'MCX_COMM', id: '571001' });
  });

  it('never name the token in an error', async () => {
    const { marketData } = setUp(() => ({ status: 401, body: dataError('808', 'auth failed') }));
    const error = await marketData.expiries(nifty).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: 'unauthenticated', code: 'authentication_failed' });
    expect(`${String(error)}${JSON.stringify(error)}`).not.toContain('secret');
  });
});

describe('expiries', () => {
  it('keep what are dates, ascending, once each', async () => {
    const dates = ['2026-12-01', '2026-11-24', '24-11-2026', '2026-02-30', '2026-12-01'];
    const junk = [...dates, null, 7, '', {}];
    const { marketData } = setUp(() => JSON.stringify({ data: junk, status: 'success' }));
    expect(await marketData.expiries(nifty)).toEqual(['2026-11-24', '2026-12-01']);
  });

  it.each(['{"status":"success"}', '{"data":{},"status":"success"}', '[]', html])(
    'are not there in %s',
    async (body) => {
      const { marketData } = setUp(() => body);
      await expect(marketData.expiries(nifty)).rejects.toMatchObject({ kind: 'retryable' });
    },
  );
});

describe('lastPrices', () => {
  const many = (count: number): InstrumentToken[] =>
    Array.from({ length: count }, (_, index) => ({
      segment: index % 2 ? 'NSE_EQ' : 'NSE_FNO',
      id: String(1_000 + index),
    }));

  it('asks for at most 1,000 at once, each one once', async () => {
    const asked: string[] = [];
    const set = setUp((request) => {
      const segments = bodyOf(request) as Record<string, number[]>;
      const data: Record<string, Record<string, unknown>> = {};
      let count = 0;
      for (const [segment, ids] of Object.entries(segments)) {
        count += ids.length;
        asked.push(...ids.map((id) => `${segment}:${id}`));
        data[segment] = Object.fromEntries(ids.map((id) => [id, { last_price: id / 100 }]));
      }
      expect(count).toBeLessThanOrEqual(1_000);
      return JSON.stringify({ data, status: 'success' });
    });
    const prices = await set.marketData.lastPrices(many(2_001));
    expect(set.requests).toHaveLength(3);
    expect(new Set(asked).size).toBe(2_001);
    expect(asked).toHaveLength(2_001);
    expect(prices.size).toBe(2_001);
    expect(prices.get('NSE_EQ:1001')).toBe(1_001);
  });

  it('has no price where the broker has none: left out, 0, null, text, no segment', async () => {
    const ofFno = {
      1: { last_price: 0 }, 2: { last_price: null }, 3: { last_price: 'x' }, 4: {}, 5: null,
      6: { last_price: 25642.80078125 },
    };
    const body = JSON.stringify({ data: { NSE_FNO: ofFno }, status: 'success' });
    const { marketData } = setUp(() => body);
    const tokens = ['1', '2', '3', '4', '5', '6', '7'].map((id) => ({ segment: 'NSE_FNO', id }));
    const prices = await marketData.lastPrices([...tokens, { segment: 'IDX_I', id: '13' }]);
    expect([...prices]).toEqual([['NSE_FNO:6', 2_564_280]]);
  });

  it('sends nothing for nothing, and survives a success without data', async () => {
    const { marketData, requests } = setUp(() => '{"status":"success"}');
    expect((await marketData.lastPrices([])).size).toBe(0);
    expect(requests).toEqual([]);
    expect((await marketData.lastPrices(many(1))).size).toBe(0);
  });
});

describe('underlyings', () => {
  const header = 'EXCH_ID,SEGMENT,SECURITY_ID,INSTRUMENT,UNDERLYING_SECURITY_ID,' +
    'UNDERLYING_SYMBOL,SYMBOL_NAME,DISPLAY_NAME,LOT_SIZE,SM_EXPIRY_DATE,TICK_SIZE\n';
  const share = (symbol: string): string =>
    `NSE,D,1,OPTSTK,2885,${symbol},${symbol}-Nov2026-1400-CE,X,500.0,2026-11-24,5.0000\n`;
  const index = 'NSE,D,2,OPTIDX,26990,NEWINDEX,X,X,100.0,2026-11-24,5.0000\n';

  it('are read once for all who ask together, and again after some minutes', async () => {
    let symbol = 'RELIANCE';
    const { marketData, requests, clock } = setUp(() => header + share(symbol));
    const [first, second] = await Promise.all([
      marketData.underlyings(), marketData.underlyings(),
    ]);
    expect(requests).toHaveLength(1);
    expect(second).toEqual(first);
    symbol = 'TCS';
    await clock.advance(299_000);
    expect(await marketData.underlyings()).toEqual(first);
    await clock.advance(1_000);
    expect((await marketData.underlyings())[0]?.symbol).toBe('TCS');
    expect(requests).toHaveLength(2);
  });

  it('come with the instruments, in the same reading', async () => {
    const { marketData, requests } = setUp(() => header + share('RELIANCE'));
    const reliance = { exchange: 'NSE', symbol: 'RELIANCE' } as const;
    expect((await marketData.instruments([reliance])).size).toBe(1);
    expect((await marketData.underlyings())[0]).toMatchObject(reliance);
    expect(requests).toHaveLength(1);
  });

  it('are asked for anew after a failure', async () => {
    let status = 503;
    const { marketData } = setUp(() => ({ status, body: header + share('RELIANCE') }));
    await expect(marketData.underlyings()).rejects.toMatchObject({ code: 'master_unavailable' });
    status = 200;
    expect(await marketData.underlyings()).toHaveLength(1);
  });

  it('tell in one line which are left out, and not again while that is so', async () => {
    const warnings: unknown[] = [];
    const log = { ...silentLog, warn: (...line: unknown[]) => void warnings.push(line) };
    const { marketData } = setUp(() => header + index + share('RELIANCE'), log);
    await marketData.instruments([nifty]);
    await marketData.instruments([nifty]);
    expect(warnings).toEqual([
      [expect.stringContaining('left out'), { count: 1, underlyings: 'NSE:NEWINDEX' }],
    ]);
  });
});

describe('instruments', () => {
  it('are refused when the file is not there', async () => {
    const { marketData } = setUp(() => ({ status: 503, body: html }));
    await expect(marketData.instruments([nifty])).rejects.toMatchObject({
      kind: 'retryable',
      code: 'master_unavailable',
    });
  });
});

describe('check', () => {
  const profile = (fields: object): ReturnType<typeof setUp> => setUp(() => JSON.stringify(fields));

  it('reads validity in India\'s time and whether data are paid for', async () => {
    const fields = { tokenValidity: '30/03/2027 15:37', dataPlan: 'Active' };
    expect(await profile(fields).check()).toEqual({
      accountId: '1000000001',
      hasMarketData: true,
      tokenExpiresMs: Date.parse('2027-03-30T15:37:00+05:30'),
    });
  });

  it.each([
    ['no date', { dataPlan: 'Deactive' }],
    ['a date of another order', { tokenValidity: '03/30/2027 15:37' }],
    ['a date of another form', { tokenValidity: '2027-03-30 15:37' }],
    ['a date that is a number', { tokenValidity: 20270330 }],
  ])('does not guess from %s', async (_what, fields) => {
    expect(await profile(fields).check()).toMatchObject({
      hasMarketData: false,
      tokenExpiresMs: null,
    });
  });

  it('rejects with what the broker says of a dead token', async () => {
    const body = tradingError('DH-906', 'Invalid Token');
    const { check } = setUp(() => ({ status: 400, body }));
    await expect(check()).rejects.toMatchObject({ kind: 'unauthenticated' });
  });
});

describe('the plugin', () => {
  it('takes well-formed credentials only, and says what is needed without repeating them', () => {
    expect(dhanBroker.credentials.safeParse(credentials).success).toBe(true);
    for (const wrong of [{ clientId: 'abc' }, { accessToken: 'short-secret' }, { clientId: '' }]) {
      const parsed = dhanBroker.credentials.safeParse({ ...credentials, ...wrong });
      expect(parsed.error?.issues[0]?.message).toMatch(/^needs the/);
      expect(parsed.error?.message).not.toContain('short-secret');
    }
  });

  it('keeps a socket in reserve and its windows longer than the broker\'s', () => {
    const { feed, rest } = dhanBroker.limits;
    expect(feed.socketsPlanned).toBe(feed.socketsMax - 1);
    const perKey = rest.find((rule) => rule.class === 'chain' && rule.perKey);
    expect(perKey).toMatchObject({ limit: 1 });
    expect(perKey?.windowMs).toBeGreaterThan(3_000);
  });
});
