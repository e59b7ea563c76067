import {
  accountCheckSchema,
  accountSchema,
  accountsSchema,
  brokersSchema,
  type Account,
  type AccountChange,
  type AccountCheck,
  type Accounts,
  type AccountTrial,
  type Brokers,
  type NewAccount,
} from '@strikewire/contracts';
import type { Call } from './call';
import type { StepUpGate } from './step-up-gate';

/** Brokers' accounts, for admins. */
export interface AccountsApi {
  brokers(): Promise<Brokers>;
  list(): Promise<Accounts>;
  add(account: NewAccount): Promise<Account>;
  change(id: string, change: AccountChange): Promise<Account>;
  makePrimary(id: string): Promise<Accounts>;
  /** Tests what is saved. */
  test(id: string): Promise<AccountCheck>;
  /** Tests what is not saved yet. */
  check(trial: AccountTrial): Promise<AccountCheck>;
  remove(id: string): Promise<void>;
}

export function accountsApi(call: Call, gate: StepUpGate): AccountsApi {
  const at = (id: string, rest = ''): string => `accounts/${id}${rest}`;
  return {
    brokers: () => call({ method: 'GET', path: 'brokers' }, brokersSchema),
    list: () => call({ method: 'GET', path: 'accounts' }, accountsSchema),
    add: (body) => gate.pass(() => call({ method: 'POST', path: 'accounts', body }, accountSchema)),
    change: (id, body) =>
      gate.pass(() => call({ method: 'PATCH', path: at(id), body }, accountSchema)),
    makePrimary: (id) =>
      gate.pass(() => call({ method: 'POST', path: at(id, '/primary') }, accountsSchema)),
    test: (id) =>
      gate.pass(() => call({ method: 'POST', path: at(id, '/test') }, accountCheckSchema)),
    check: (body) =>
      gate.pass(() => call({ method: 'POST', path: 'accounts/check', body }, accountCheckSchema)),
    remove: (id) => gate.pass(() => call.none({ method: 'DELETE', path: at(id) })),
  };
}
