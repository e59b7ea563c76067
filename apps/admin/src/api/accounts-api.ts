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
import type { Ask, Call } from './call';
import type { StepUpGate } from './step-up-gate';

/** Brokers' accounts, for admins. */
export interface AccountsApi {
  brokers(): Promise<Brokers>;
  list(): Promise<Accounts>;
  add(account: NewAccount): Promise<Account>;
  /** `isForced`: an account is switched off though nobody is left then who carries the data. */
  change(id: string, change: AccountChange, isForced?: boolean): Promise<Account>;
  makePrimary(id: string): Promise<Accounts>;
  /** Tests what is saved. */
  test(id: string): Promise<AccountCheck>;
  /** Tests what is not saved yet. */
  check(trial: AccountTrial): Promise<AccountCheck>;
  /** `isForced`: as above. */
  remove(id: string, isForced?: boolean): Promise<void>;
  /** Begins to sign in at the broker; answers with the page to go to. */
  signIn(id: string): Promise<string>;
}

/** Only an address of the web is gone to. */
const signInSchema = {
  safeParse(input: unknown) {
    const { url } = (input ?? {}) as { url?: unknown };
    if (typeof url === 'string' && /^https?:\/\//i.test(url)) {
      return { success: true as const, data: url };
    }
    return { success: false as const, error: { message: 'needs the address of a page' } };
  },
};

export function accountsApi(call: Call, gate: StepUpGate): AccountsApi {
  const at = (id: string, rest = ''): string => `accounts/${id}${rest}`;
  return {
    brokers: () => call({ method: 'GET', path: 'brokers' }, brokersSchema),
    list: () => call({ method: 'GET', path: 'accounts' }, accountsSchema),
    add: (body) => gate.pass(() => call({ method: 'POST', path: 'accounts', body }, accountSchema)),
    change: (id, body, isForced) =>
      gate.pass(() => call({ method: 'PATCH', path: at(id), body, ...forced(isForced) },
        accountSchema)),
    makePrimary: (id) =>
      gate.pass(() => call({ method: 'POST', path: at(id, '/primary') }, accountsSchema)),
    test: (id) =>
      gate.pass(() => call({ method: 'POST', path: at(id, '/test') }, accountCheckSchema)),
    check: (body) =>
      gate.pass(() => call({ method: 'POST', path: 'accounts/check', body }, accountCheckSchema)),
    remove: (id, isForced) =>
      gate.pass(() => call.none({ method: 'DELETE', path: at(id), ...forced(isForced) })),
    signIn: (id) =>
      gate.pass(() => call({ method: 'POST', path: at(id, '/sign-in') }, signInSchema)),
  };
}

function forced(isForced = false): Pick<Ask, 'query'> {
  return isForced ? { query: { force: 'true' } } : {};
}
