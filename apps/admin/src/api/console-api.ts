import {
  activityPageSchema,
  activityReportSchema,
  apiKeysSchema,
  apiKeyWithSecretSchema,
  meSchema,
  sessionsSchema,
  userSchema,
  usersSchema,
  userWithPasswordSchema,
  type ActivityPage,
  type ActivityReport,
  type ApiKeys,
  type ApiKeyWithSecret,
  type ChangePassword,
  type Me,
  type NewApiKey,
  type NewUser,
  type Sessions,
  type SignIn,
  type User,
  type UserChange,
  type Users,
  type UserWithPassword,
} from '@strikewire/contracts';
import { accountsApi, type AccountsApi } from './accounts-api';
import type { Call } from './call';
import { failoverApi, type FailoverApi } from './failover-api';
import { hoursApi, type HoursApi } from './hours-api';
import { marginApi, type MarginApi } from './margin-api';
import { marketApi, type MarketApi } from './market-api';
import { notificationsApi, type NotificationsApi } from './notifications-api';
import { ordersApi, type OrdersApi } from './orders-api';
import type { StepUpGate } from './step-up-gate';
import { universeApi, type UniverseApi } from './universe-api';

/** Who one is. */
export interface AuthApi {
  signIn(given: SignIn): Promise<Me>;
  signOut(): Promise<void>;
  me(): Promise<Me>;
  /** The password once more; dangerous acts need none for a while then. */
  stepUp(password: string): Promise<Me>;
  changePassword(change: ChangePassword): Promise<Me>;
  /** One's own. */
  sessions(): Promise<Sessions>;
  endSession(id: string): Promise<void>;
  endOtherSessions(): Promise<void>;
}

/** People and their sessions, for admins. */
export interface UsersApi {
  list(): Promise<Users>;
  add(user: NewUser): Promise<UserWithPassword>;
  change(id: string, change: UserChange): Promise<User>;
  resetPassword(id: string): Promise<UserWithPassword>;
  /** Everybody's. */
  sessions(): Promise<Sessions>;
  endSession(id: string): Promise<void>;
}

export interface KeysApi {
  list(all: boolean): Promise<ApiKeys>;
  make(key: NewApiKey): Promise<ApiKeyWithSecret>;
  revoke(id: string): Promise<void>;
}

export interface ActivityApi {
  page(query: Record<string, string>): Promise<ActivityPage>;
  verify(): Promise<ActivityReport>;
}

/** What the console asks of the platform beside its chains. */
export interface ConsoleApi {
  auth: AuthApi;
  users: UsersApi;
  keys: KeysApi;
  activity: ActivityApi;
  accounts: AccountsApi;
  failover: FailoverApi;
  notifications: NotificationsApi;
  hours: HoursApi;
  universe: UniverseApi;
  market: MarketApi;
  orders: OrdersApi;
  margin: MarginApi;
}

/** Acts that the platform wants the password for go through the gate. */
export function createConsoleApi(call: Call, gate: StepUpGate): ConsoleApi {
  return {
    auth: authApi(call, gate),
    users: usersApi(call, gate),
    keys: keysApi(call, gate),
    activity: {
      page: (query) => call({ method: 'GET', path: 'activity', query }, activityPageSchema),
      verify: () =>
        gate.pass(() => call({ method: 'POST', path: 'activity/verify' }, activityReportSchema)),
    },
    accounts: accountsApi(call, gate),
    failover: failoverApi(call, gate),
    notifications: notificationsApi(call, gate),
    hours: hoursApi(call, gate),
    universe: universeApi(call, gate),
    market: marketApi(call),
    orders: ordersApi(call, gate),
    margin: marginApi(call, gate),
  };
}

function authApi(call: Call, gate: StepUpGate): AuthApi {
  return {
    signIn: (body) => call({ method: 'POST', path: 'auth/sign-in', body }, meSchema),
    signOut: () => call.none({ method: 'POST', path: 'auth/sign-out' }),
    me: () => call({ method: 'GET', path: 'auth/me' }, meSchema),
    stepUp: (password) =>
      call({ method: 'POST', path: 'auth/step-up', body: { password } }, meSchema),
    changePassword: (body) => call({ method: 'POST', path: 'auth/password', body }, meSchema),
    sessions: () => call({ method: 'GET', path: 'auth/sessions' }, sessionsSchema),
    endSession: (id) =>
      gate.pass(() => call.none({ method: 'DELETE', path: `auth/sessions/${id}` })),
    endOtherSessions: () =>
      gate.pass(() => call.none({ method: 'POST', path: 'auth/sessions/end-others' })),
  };
}

function usersApi(call: Call, gate: StepUpGate): UsersApi {
  return {
    list: () => call({ method: 'GET', path: 'users' }, usersSchema),
    add: (body) =>
      gate.pass(() => call({ method: 'POST', path: 'users', body }, userWithPasswordSchema)),
    change: (id, body) =>
      gate.pass(() => call({ method: 'PATCH', path: `users/${id}`, body }, userSchema)),
    resetPassword: (id) => {
      const ask = { method: 'POST', path: `users/${id}/reset-password` } as const;
      return gate.pass(() => call(ask, userWithPasswordSchema));
    },
    sessions: () => call({ method: 'GET', path: 'sessions' }, sessionsSchema),
    endSession: (id) => gate.pass(() => call.none({ method: 'DELETE', path: `sessions/${id}` })),
  };
}

function keysApi(call: Call, gate: StepUpGate): KeysApi {
  return {
    list: (all) =>
      call({ method: 'GET', path: 'keys', ...(all && { query: { all: 'true' } }) }, apiKeysSchema),
    make: (body) =>
      gate.pass(() => call({ method: 'POST', path: 'keys', body }, apiKeyWithSecretSchema)),
    revoke: (id) => gate.pass(() => call.none({ method: 'DELETE', path: `keys/${id}` })),
  };
}
