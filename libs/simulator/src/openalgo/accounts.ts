import type { FaultedAccounts } from '../faces/effects';
import type { FaceAccounts } from '../faces/face';
import type { FaceFaults } from '../faults/fault-book';
import { mix, textNumber } from '../market/noise';

/** A user of the simulated OpenAlgo; the key lives until another one is made. */
export interface OpenalgoAccountSeed {
  clientId: string;
  /** The API key. */
  token: string;
}

/** The account that is there when none is given; its key is the same on every machine. */
export const defaultOpenalgoAccount: Readonly<OpenalgoAccountSeed> = {
  clientId: 'simulator', token: keyOf('simulator', 0),
};

/** What is wrong with a key. */
export type OpenalgoAuthProblem = 'token' | 'suspended';

export interface OpenalgoAccounts extends FaceAccounts, FaultedAccounts {
  list(): Readonly<OpenalgoAccountSeed>[];
  renew(clientId: string): Readonly<OpenalgoAccountSeed> | undefined;
  /** Whose key it is, or why nobody is served with it. */
  check(key: string): Readonly<OpenalgoAccountSeed> | OpenalgoAuthProblem;
}

export function createOpenalgoAccounts(
  seeds: readonly OpenalgoAccountSeed[],
  faults: Pick<FaceFaults, 'isSuspended'>,
): OpenalgoAccounts {
  const accounts = new Map(seeds.map((seed) => [seed.clientId, { ...seed }]));
  const expired = new Set<string>();
  let made = 0;
  return {
    list: () => [...accounts.values()],
    renew(clientId) {
      const account = accounts.get(clientId);
      if (!account) return undefined;
      expired.delete(clientId);
      account.token = keyOf(clientId, ++made);
      return account;
    },
    check(key) {
      const account = [...accounts.values()].find(({ token }) => token === key);
      if (!account || expired.has(account.clientId)) return 'token';
      return faults.isSuspended(account.clientId) ? 'suspended' : account;
    },
    expire(clientId) {
      const whom = clientId === undefined ? [...accounts.keys()] : [clientId];
      for (const one of whom) expired.add(one);
    },
    restoreAll: () => expired.clear(),
  };
}

/** 64 hex digits; it opens nothing but the simulator. */
function keyOf(clientId: string, number: number): string {
  const parts = Array.from({ length: 8 }, (_, part) => mix(textNumber(clientId), number, part));
  return parts.map((part) => part.toString(16).padStart(8, '0')).join('');
}
