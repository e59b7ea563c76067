import { byPlatform } from '@strikewire/platform';
import { StrikewireError, type ErrorKind } from '@strikewire/runtime';
import { createVirtualClock } from '@strikewire/runtime/virtual';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ListedUnderlying } from '../core/market-data-port';
import type { AccountReport } from '../core/plugin';
import { newAccount, openAccountsBench, type AccountsBench } from './testing/accounts-bench';

const clock = createVirtualClock(0);
const report: AccountReport = { accountId: 'c1', hasMarketData: true, tokenExpiresMs: null };
let bench: AccountsBench;
let id: string;
let check: () => Promise<AccountReport>;
/** What a request for a list or a price comes to. */
let failure: ErrorKind | undefined;
let making: () => void;
let naming: () => void;
/** What its order book is answered with; undefined: nothing is in it. */
let bookFailure: ErrorKind | undefined;

/** The desk broker has chains of NSE alone. */
const listed = (exchange: string) => ({ exchange, symbol: 'X' }) as ListedUnderlying;
const refused = (kind: ErrorKind): Promise<never> =>
  Promise.reject(new StrikewireError({ kind, code: 'x', message: 'the broker says no' }));

beforeAll(async () => {
  bench = await openAccountsBench({
    check: () => check(),
    making: () => making(),
    accountOf: ({ client }) => {
      naming();
      return String(client);
    },
    marketData: {
      expiries: () => (failure ? refused(failure) : Promise.resolve([])),
      lastPrices: () => Promise.resolve(new Map()),
    },
    orders: {
      orders: () => (bookFailure ? refused(bookFailure) : Promise.resolve([])),
      trades: () => Promise.resolve([]),
    },
  }, clock);
});

beforeEach(async () => {
  check = () => Promise.resolve(report);
  failure = bookFailure = undefined;
  making = naming = () => undefined;
  await bench.clear();
  id = (await bench.accounts.add(newAccount('c1'), byPlatform)).id;
  await bench.accounts.test(id);
});

afterAll(() => bench?.stop());

const state = () => bench.accounts.list()[0];
const ask = async () => {
  const { marketData } = bench.accounts.connection(id).instance;
  await marketData.expiries(listed('NSE')).catch(() => undefined);
};

describe('an account that its broker refuses', () => {
  it.each([
    ['unauthenticated', 'auth'], ['fatal', 'parked'],
  ] as const)('when it is tested is told of: %s', async (kind, told) => {
    check = () => refused(kind);
    await bench.accounts.test(id);
    expect(bench.refusals).toEqual([expect.stringMatching(`^${id} ${told} .*says no`)]);
    expect(state()).toMatchObject({ state: 'parked' });
    check = () => Promise.resolve(report);
    await bench.accounts.test(id);
    expect([state()?.state, bench.refusals.length]).toEqual(['in_use', 1]);
  });

  it('is told of whatever it is asked for, until that is answered', async () => {
    failure = 'unauthenticated';
    await ask();
    expect(bench.refusals).toEqual([`${id} auth the broker says no`]);
    expect(state()).toMatchObject({ state: 'parked', stateReason: 'the broker says no' });
    await bench.accounts.connection(id).instance.marketData.lastPrices([]);
    expect(state()?.state).toBe('parked');
    failure = undefined;
    await ask();
    expect(state()).toMatchObject({ state: 'in_use', stateReason: null });
  });

  it('is taken up again when a test is answered that nobody here has asked for', async () => {
    const { instance } = bench.accounts.connection(id);
    check = () => refused('unauthenticated');
    await bench.accounts.test(id);
    // As sockets that rest ask every five minutes.
    await expect(instance.check()).rejects.toThrow('says no');
    expect(state()?.state).toBe('parked');
    check = () => Promise.resolve(report);
    await instance.check();
    expect(state()).toMatchObject({ state: 'in_use', stateReason: null });
    failure = 'fatal';
    await ask();
    expect(state()?.state).toBe('parked');
    await instance.check();
    expect(state()).toMatchObject({ state: 'in_use', stateReason: null });
  });

  it('by a test alone is taken up again when anything is answered', async () => {
    check = () => refused('unauthenticated');
    await bench.accounts.test(id);
    await bench.accounts.connection(id).instance.marketData.lastPrices([]);
    expect(state()).toMatchObject({ state: 'in_use', stateReason: null });
  });

  it('stays so when a test reaches nobody', async () => {
    failure = 'unauthenticated';
    await ask();
    check = () => refused('retryable');
    await bench.accounts.test(id);
    expect(state()).toMatchObject({ state: 'parked', stateReason: 'the broker says no' });
  });

  it.each(['retryable', 'throttled', 'not_found'] as const)('is no other: %s', async (kind) => {
    failure = kind;
    await ask();
    check = () => refused(kind);
    expect(await bench.accounts.test(id)).toMatchObject({ ok: false });
    expect([bench.refusals, state()?.state]).toEqual([[], 'in_use']);
  });

  it('by credentials of before, or while it is off, is none', async () => {
    const { marketData } = bench.accounts.connection(id).instance;
    await bench.accounts.change(id, { credentials: { token: 'another-token' } }, byPlatform);
    failure = 'unauthenticated';
    await expect(marketData.expiries(listed('NSE'))).rejects.toThrow('says no');
    expect(bench.refusals).toEqual([]);
    await bench.accounts.change(id, { enabled: false }, byPlatform);
    check = () => refused('unauthenticated');
    await bench.accounts.test(id);
    expect(bench.refusals).toEqual([]);
  });
});

describe('a person who tries an account', () => {
  it('has it let in when its broker does', async () => {
    bench.found.length = 0;
    check = () => refused('unauthenticated');
    await bench.accounts.test(id);
    expect(bench.found).toEqual([]);
    check = () => Promise.resolve(report);
    await bench.accounts.test(id);
    expect(bench.found).toEqual([id]);
  });
});

describe('an account that may not trade', () => {
  const trade = async () => {
    const { orders } = bench.accounts.connection(id).instance;
    await orders?.orders().catch(() => undefined);
    await clock.advance(1_000);
  };

  it('carries its data on, and is told of until that is answered', async () => {
    bookFailure = 'unauthenticated';
    await trade();
    const stateReason = 'Its broker refuses trading: the broker says no';
    expect(bench.refusals).toEqual([]);
    expect(state()).toMatchObject({ state: 'in_use', stateReason });
    // An answer to something else is none to that.
    await bench.accounts.connection(id).instance.orders?.trades();
    await bench.accounts.test(id);
    await bench.accounts.change(id, { label: 'Renamed' }, byPlatform);
    expect(state()).toMatchObject({ label: 'Renamed', state: 'in_use', stateReason });
    bookFailure = undefined;
    await trade();
    expect(state()).toMatchObject({ state: 'in_use', stateReason: null });
  });

  it('because its token is dead is refused as a whole', async () => {
    bookFailure = 'unauthenticated';
    check = () => refused('unauthenticated');
    await trade();
    expect(bench.refusals).toEqual([`${id} auth the broker says no`]);
    expect(state()).toMatchObject({ state: 'parked', stateReason: 'the broker says no' });
  });
});

describe('a broker', () => {
  it('is not asked for chains of an exchange that it has none of', async () => {
    failure = 'unauthenticated';
    const { marketData } = bench.accounts.connection(id).instance;
    const needed = {
      kind: 'invalid', code: 'chains_not_served',
      message: "Desk Broker answers no chains of MCX: another broker's account is needed",
    };
    await expect(marketData.expiries(listed('MCX'))).rejects.toMatchObject(needed);
    await expect(marketData.chain(listed('MCX'), '2026-11-24')).rejects.toMatchObject(needed);
    expect(bench.refusals).toEqual([]);
  });
});

describe('a plugin', () => {
  it('that never answers is not waited for', async () => {
    check = () => new Promise(() => {});
    const credentials = { client: 'c1', token: 'token-of-c1' };
    const asked = [
      bench.accounts.test(id), bench.accounts.try({ broker: 'desk', credentials }),
    ];
    await clock.advance(30_000);
    for (const one of await Promise.all(asked)) {
      expect(one).toMatchObject({ ok: false, message: expect.stringContaining('within 30 s') });
    }
    expect([bench.refusals, state()?.state]).toEqual([[], 'in_use']);
  });

  it('that cannot make an account any more keeps the platform from nothing', async () => {
    making = () => {
      throw new TypeError('a bug');
    };
    await bench.reopen();
    expect(state()).toMatchObject({ enabled: true, state: 'parked', stateReason: 'a bug' });
    await expect(bench.accounts.test(id)).rejects.toThrow('a bug');
    await expect(bench.accounts.add(newAccount('c2'), byPlatform)).rejects.toThrow('a bug');
    await bench.accounts.change(id, { enabled: false }, byPlatform);
    making = () => undefined;
    await bench.accounts.change(id, { enabled: true }, byPlatform);
    await bench.accounts.test(id);
    expect(bench.accounts.list()).toMatchObject([{ state: 'in_use', stateReason: null }]);
  });

  it('that cannot make the account of the settings leaves it to be seen and mended', async () => {
    const adopt = (token: string) => bench.accounts.adopt('desk', { client: 'c1', token });
    await adopt('token-one');
    making = () => {
      throw new TypeError('a bug');
    };
    await bench.reopen();
    await adopt('token-two');
    const parked = { enabled: true, state: 'parked', stateReason: 'a bug' };
    expect(bench.accounts.list()).toMatchObject([parked]);
    expect([bench.pool.all(), bench.pool.primary]).toEqual([[], undefined]);
    // It was never there before.
    await bench.accounts.adopt('desk', { client: 'c2', token: 'token-of-c2' }, { isFirst: false });
    expect(bench.accounts.list()).toMatchObject([parked, parked]);
    making = () => undefined;
    await bench.reopen();
    // The settings are stored already.
    const { length } = bench.entries;
    await adopt('token-two');
    expect(bench.accounts.list()).toMatchObject([{ state: 'in_use' }, { state: 'ready' }]);
    expect(bench.entries).toHaveLength(length);
  });

  it('that fails by a new token alone does not go on by the one of before', async () => {
    await bench.accounts.adopt('desk', { client: 'c1', token: 'token-one' });
    await bench.reopen();
    making = () => {
      throw new TypeError('a token that cannot be read');
    };
    await bench.accounts.adopt('desk', { client: 'c1', token: 'token-two' });
    expect(state()).toMatchObject({ state: 'parked', stateReason: 'a token that cannot be read' });
    expect(bench.pool.all()).toEqual([]);
  });

  it('that cannot tell accounts apart keeps the platform from nothing', async () => {
    naming = () => {
      throw new TypeError('another bug');
    };
    await bench.reopen();
    await bench.accounts.adopt('desk', { client: 'c1', token: 'token-two' });
    expect(bench.accounts.list()).toMatchObject([{ state: 'parked', stateReason: 'another bug' }]);
  });

  it('that throws has failed', async () => {
    check = () => {
      throw new TypeError('a bug');
    };
    expect(await bench.accounts.test(id)).toMatchObject({
      ok: false, message: expect.stringContaining('an answer that is not understood'),
    });
  });
});

describe('an account that may not leave', () => {
  beforeEach(() => {
    bench.refuseLast = () => {
      throw new StrikewireError({ kind: 'denied', code: 'failover_last', message: 'the last' });
    };
  });

  it('is neither switched off nor taken away, unless that is forced', async () => {
    const off = { enabled: false };
    await expect(bench.accounts.change(id, off, byPlatform)).rejects.toThrow('the last');
    await expect(bench.accounts.remove(id, byPlatform)).rejects.toThrow('the last');
    expect(state()).toMatchObject({ enabled: true, state: 'in_use' });
    await bench.accounts.change(id, { label: 'Renamed' }, byPlatform);
    expect(await bench.accounts.change(id, off, byPlatform, { isForced: true })).toMatchObject({
      label: 'Renamed', enabled: false,
    });
    // It carries nothing any more.
    await bench.accounts.change(id, off, byPlatform);
    await bench.accounts.remove(id, byPlatform);
    expect(bench.accounts.list()).toEqual([]);
  });

  it('is taken away when that is forced', async () => {
    await bench.accounts.remove(id, byPlatform, { isForced: true });
    expect(bench.accounts.list()).toEqual([]);
  });
});
