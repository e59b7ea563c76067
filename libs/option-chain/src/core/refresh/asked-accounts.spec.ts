import { describe, expect, it } from 'vitest';
import { askedAccounts, chainClassOf, type AccountStanding } from './asked-accounts';

type Account = AccountStanding['accounts'][number];

const account = (id: string, changes: Partial<Account> = {}): Account => ({
  id, broker: id.slice(0, 1), standing: 'fit', diverted: new Map(), ...changes,
});
const throttled = { diverted: new Map([['chain', 900]]) };

/** Brokers are the first letters of accounts; those of `y` count everything together. */
function asked(
  accounts: readonly Account[],
  changes: Partial<AccountStanding> = {},
  nameless: readonly string[] = [],
): string[] {
  const standing = {
    accounts, brokers: new Map(), forced: null, drained: new Set<string>(), ...changes,
  };
  const known = accounts.map(({ id, broker }) => ({
    id, broker, restClass: broker === 'y' ? 'api' : 'chain', isNameless: nameless.includes(broker),
  }));
  return askedAccounts(standing, known, 100).map(({ id, builds }) => `${id} ${builds}`);
}

const down = (broker: string): Partial<AccountStanding> => ({
  brokers: new Map([[broker, { untilMono: 200 }]]),
});

describe('askedAccounts', () => {
  it('asks those at home for everything', () => {
    expect(asked([account('x1'), account('y1'), account('x2')])).toEqual(['x1 too', 'x2 too']);
  });

  it('leaves what is not built with others at home when one of them was throttled', () => {
    expect(asked([account('x1', throttled), account('x2'), account('y1')])).toEqual(['x2 too']);
  });

  it('keeps what is not built at home when all of it was throttled, and only that', () => {
    const accounts = [account('x1', throttled), account('x2', throttled), account('y1')];
    expect(asked(accounts)).toEqual(['x1 only', 'x2 only', 'y1 never']);
  });

  it('builds abroad when the broker at home is down, or its names cannot be read', () => {
    const accounts = [account('x1'), account('y1')];
    expect(asked(accounts, down('x'))).toEqual(['y1 too']);
    expect(asked(accounts, { brokers: new Map([['x', { untilMono: 100 }]]) })).toEqual(['x1 too']);
    expect(asked(accounts, {}, ['x'])).toEqual(['y1 too']);
    expect(asked(accounts, {}, ['x', 'y'])).toEqual(['x1 too']);
    expect(asked([account('x1', { standing: 'parked' }), account('y1')])).toEqual(['y1 too']);
  });

  it('goes by the class that each broker counts lists and chains under', () => {
    const api = { diverted: new Map([['api', 900]]) };
    expect(asked([account('y1', api), account('x1')])).toEqual(['y1 only', 'x1 never']);
    expect(asked([account('x1', api), account('y1')])).toEqual(['x1 too']);
    expect(asked([account('x1', throttled), account('y1', api), account('z1')])).toEqual([
      'x1 only', 'z1 never',
    ]);
  });

  it('follows what a person wants', () => {
    const accounts = [account('x1'), account('y1')];
    expect(asked(accounts, { forced: 'y1' })).toEqual(['y1 too']);
    expect(asked(accounts, { drained: new Set(['x1']) })).toEqual(['y1 too']);
  });

  it('asks whoever there is when nobody is left', () => {
    expect(asked([account('x1', throttled)])).toEqual(['x1 too']);
    expect(asked([account('x1'), account('x2')], down('x'))).toEqual(['x1 too', 'x2 too']);
    expect(asked([account('x1', { standing: 'parked' })])).toEqual(['x1 too']);
    expect(asked([])).toEqual([]);
  });
});

describe('chainClassOf', () => {
  const rule = (name: string) => ({ class: name, limit: 1, windowMs: 1_000 });

  it('is the one of that name, else the first', () => {
    expect(chainClassOf({ rest: [rule('quote'), rule('chain')] })).toBe('chain');
    expect(chainClassOf({ rest: [rule('api'), rule('account')] })).toBe('api');
    expect(chainClassOf({ rest: [] })).toBe('chain');
  });
});
