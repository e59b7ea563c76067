import { describe, expect, it } from 'vitest';
import { accountsBeside, defaultAccount } from './accounts';

describe('accountsBeside', () => {
  it('is the account given and others with tokens of their own', () => {
    const accounts = accountsBeside({ ...defaultAccount, token: 'mine' }, 3);
    expect(accounts.map(({ clientId }) => clientId)).toEqual([
      '1000000001', '1000000002', '1000000003',
    ]);
    expect(new Set(accounts.map(({ token }) => token)).size).toBe(3);
    expect(accounts[0]?.token).toBe('mine');
  });
});
