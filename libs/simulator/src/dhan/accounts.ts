import type { Clock } from '@strikewire/runtime';
import type { FaultedAccounts } from '../faces/effects';
import type { FaceFaults } from '../faults/fault-book';
import { simulatedToken, tokenLifeMs, type TokenConsumer } from './token';

/** A client of the simulated Dhan. */
export interface AccountSeed {
  clientId: string;
  token: string;
  /** Epoch ms. */
  tokenExpiresAt: number;
  /** Whether the data APIs are paid for. */
  dataPlan: boolean;
  /** With both a token can be had without the site; six digits, and base32. */
  pin?: string;
  totpSecret?: string;
  /** Of the token; `SELF` when not given. */
  consumer?: TokenConsumer;
}

const defaultClientId = '1000000001';
const defaultIssuedAt = Date.UTC(2026, 0, 1);
const defaultExpiresAt = Date.UTC(2099, 11, 31);
const defaultLogin = { pin: '135790', totpSecret: 'SIMULATEDMARKETSECRET234567ABCDE' };

/** The account that is there when none is given; its token is the same on every machine. */
export const defaultAccount: Readonly<AccountSeed> = {
  clientId: defaultClientId,
  token: simulatedToken(defaultClientId, defaultIssuedAt, defaultExpiresAt),
  tokenExpiresAt: defaultExpiresAt,
  dataPlan: true,
  ...defaultLogin,
};

/** As many accounts as are asked for, beside each other; the first is the one given. */
export function accountsBeside(first: AccountSeed, count: number): AccountSeed[] {
  const others = Array.from({ length: Math.max(0, count - 1) }, (_, index): AccountSeed => {
    const clientId = String(Number(defaultClientId) + index + 1);
    const token = simulatedToken(clientId, defaultIssuedAt, defaultExpiresAt);
    const tokenExpiresAt = defaultExpiresAt;
    return { clientId, token, tokenExpiresAt, dataPlan: true, ...defaultLogin };
  });
  return [first, ...others.filter(({ clientId }) => clientId !== first.clientId)];
}

/** What is wrong with a pair of credentials, in Dhan's order of checks. */
export type AuthProblem = 'token' | 'expired' | 'client' | 'suspended' | 'plan';

export interface Accounts extends FaultedAccounts {
  list(): Readonly<AccountSeed>[];
  find(clientId: string): Readonly<AccountSeed> | undefined;
  findByToken(token: string): Readonly<AccountSeed> | undefined;
  /** Undefined when data may be served. */
  problem(clientId: string, token: string): AuthProblem | undefined;
  isExpired(account: AccountSeed): boolean;
  /** Gives a new token and drops the old one. */
  renew(clientId: string, consumer?: TokenConsumer): Readonly<AccountSeed> | undefined;
}

export function createAccounts(
  clock: Clock,
  seeds: readonly AccountSeed[],
  faults: Pick<FaceFaults, 'isSuspended'>,
): Accounts {
  const accounts = new Map(seeds.map((seed) => [seed.clientId, { ...seed }]));
  const expired = new Set<string>();
  const isExpired = ({ clientId, tokenExpiresAt }: AccountSeed): boolean =>
    expired.has(clientId) || clock.wallMs() >= tokenExpiresAt;
  const findByToken = (token: string): AccountSeed | undefined =>
    [...accounts.values()].find((account) => account.token === token);
  return {
    list: () => [...accounts.values()],
    find: (clientId) => accounts.get(clientId),
    findByToken,
    problem(clientId, token) {
      const account = findByToken(token);
      if (!account) return 'token';
      if (isExpired(account)) return 'expired';
      if (account.clientId !== clientId) return 'client';
      if (faults.isSuspended(clientId)) return 'suspended';
      return account.dataPlan ? undefined : 'plan';
    },
    isExpired,
    renew(clientId, consumer = 'SELF') {
      const account = accounts.get(clientId);
      if (!account) return undefined;
      expired.delete(clientId);
      account.tokenExpiresAt = clock.wallMs() + tokenLifeMs;
      account.token = simulatedToken(clientId, clock.wallMs(), account.tokenExpiresAt, consumer);
      account.consumer = consumer;
      return account;
    },
    expire(clientId) {
      const whom = clientId === undefined ? [...accounts.keys()] : [clientId];
      for (const one of whom) expired.add(one);
    },
    restoreAll: () => expired.clear(),
  };
}
