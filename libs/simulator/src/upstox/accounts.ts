import type { Clock } from '@strikewire/runtime';
import type { FaultedAccounts } from '../faces/effects';
import type { FaceAccounts } from '../faces/face';
import type { FaceFaults } from '../faults/fault-book';
import { simulatedUpstoxToken, tokenEndMs } from './token';

/** A user of the simulated Upstox, with the app that signs in for him. */
export interface UpstoxAccountSeed {
  clientId: string;
  token: string;
  /** Epoch ms. */
  tokenExpiresAt: number;
  apiKey: string;
  apiSecret: string;
  redirectUri: string;
  /** More connections, and the mode of 30 levels. */
  isPlus: boolean;
}

const defaultIssuedAt = Date.UTC(2026, 0, 1);
const defaultExpiresAt = Date.UTC(2099, 11, 31);

/** The account that is there when none is given; its token is the same on every machine. */
export const defaultUpstoxAccount: Readonly<UpstoxAccountSeed> = {
  clientId: 'SIM001',
  token: simulatedUpstoxToken('SIM001', defaultIssuedAt, defaultExpiresAt),
  tokenExpiresAt: defaultExpiresAt,
  apiKey: '00000000-0000-4000-8000-0000000000a1',
  apiSecret: 'simulated-secret',
  redirectUri: 'http://127.0.0.1/callback',
  isPlus: false,
};

/** What is wrong with a token. */
export type UpstoxAuthProblem = 'token' | 'suspended';

export interface UpstoxAccounts extends FaceAccounts, FaultedAccounts {
  list(): Readonly<UpstoxAccountSeed>[];
  renew(clientId: string): Readonly<UpstoxAccountSeed> | undefined;
  ofApp(apiKey: string): Readonly<UpstoxAccountSeed> | undefined;
  find(clientId: string): Readonly<UpstoxAccountSeed> | undefined;
  findByToken(token: string): Readonly<UpstoxAccountSeed> | undefined;
  /** Undefined when the account may be served with the token that it has now. */
  problem(account: UpstoxAccountSeed | undefined): UpstoxAuthProblem | undefined;
  /** The user's own sign-out. */
  revoke(clientId: string): void;
}

export function createUpstoxAccounts(
  clock: Clock,
  seeds: readonly UpstoxAccountSeed[],
  faults: Pick<FaceFaults, 'isSuspended'>,
): UpstoxAccounts {
  const accounts = new Map(seeds.map((seed) => [seed.clientId, { ...seed }]));
  const expired = new Set<string>();
  const revoked = new Set<string>();
  const isDead = ({ clientId, tokenExpiresAt }: UpstoxAccountSeed): boolean =>
    expired.has(clientId) || revoked.has(clientId) || clock.wallMs() >= tokenExpiresAt;
  return {
    list: () => [...accounts.values()],
    find: (clientId) => accounts.get(clientId),
    ofApp: (apiKey) => [...accounts.values()].find((account) => account.apiKey === apiKey),
    findByToken: (token) => [...accounts.values()].find((account) => account.token === token),
    problem(account) {
      if (!account || isDead(account)) return 'token';
      return faults.isSuspended(account.clientId) ? 'suspended' : undefined;
    },
    renew(clientId) {
      const account = accounts.get(clientId);
      if (!account) return undefined;
      expired.delete(clientId);
      revoked.delete(clientId);
      const now = clock.wallMs();
      account.tokenExpiresAt = tokenEndMs(now);
      account.token = simulatedUpstoxToken(clientId, now, account.tokenExpiresAt, account.isPlus);
      return account;
    },
    revoke: (clientId) => void revoked.add(clientId),
    expire(clientId) {
      const whom = clientId === undefined ? [...accounts.keys()] : [clientId];
      for (const one of whom) expired.add(one);
    },
    restoreAll: () => expired.clear(),
  };
}
