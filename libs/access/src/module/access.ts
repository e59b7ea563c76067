import type { IncomingHttpHeaders } from 'node:http';
import type { Caller } from '@strikewire/platform';
import type { Clock, Log, SecureRandom, StateStore } from '@strikewire/runtime';
import type { DataSource } from 'typeorm';
import { createSignInThrottle, usualSessionLimits, type SessionLimits } from '../core';
import { ActivityLog } from './activity-log';
import { macWith } from './digest';
import { Directory } from './directory';
import { createIdentify } from './identify';
import { Keys } from './keys';
import { NewestEntry } from './newest-entry';
import { createPasswords } from './passwords';
import { createSessionCookie, type SessionCookie } from './session-cookie';
import { Sessions } from './sessions';
import { SignInDesk } from './sign-in';

/** What access is made of. */
export interface AccessOptions {
  clock: Clock;
  log: Log;
  random: SecureRandom;
  database: DataSource;
  state: StateStore;
  /** Of the activity log's chain: 32 secret bytes that stay the same. */
  activityKey: Uint8Array;
  /** Where its newest entry is remembered; without one, in this process alone. */
  activityHeadFile?: string;
  /** Of the first admin, when there is nobody yet. */
  firstPassword: string | undefined;
  /** Whether it may be made up when it is not given; else opening is refused (`fatal`). */
  mayMakeUpPassword: boolean;
  sessionLimits?: SessionLimits;
  /** The console is reached by https only. */
  isSecure: boolean;
}

/** People, sessions, keys and the activity log, loaded and at work. */
export interface Access {
  readonly directory: Directory;
  readonly sessions: Sessions;
  readonly keys: Keys;
  readonly signIn: SignInDesk;
  readonly activity: ActivityLog;
  readonly cookie: SessionCookie;
  readonly limits: SessionLimits;
  /** The admin that was made with a made-up password: the only time it is told. */
  readonly firstAdmin: { username: string; password: string } | undefined;
  /** Who sends these headers; throws (`unauthenticated`) for a key that does not work. */
  identify(headers: IncomingHttpHeaders): Caller;
  stop(): Promise<void>;
}

/** Reads who may do what, making the first admin when there is nobody yet. */
export async function openAccess(options: AccessOptions): Promise<Access> {
  const { clock, log, random, database, state } = options;
  const limits = options.sessionLimits ?? usualSessionLimits;
  const { activity, newest } = await openLog(options);
  await activity.begin();
  const passwords = await createPasswords(Buffer.from(random.bytes(24)).toString('base64url'));
  const directory = new Directory({ clock, random, database, passwords, activity });
  const firstAdmin = await directory.load(options);
  const shared = { clock, log, random, database, directory, activity };
  const sessions = new Sessions({ ...shared, limits });
  const keys = new Keys(shared);
  await sessions.load();
  await keys.load();
  const throttle = createSignInThrottle(state);
  const cookie = createSessionCookie(options);
  return {
    directory,
    sessions,
    keys,
    signIn: new SignInDesk({ ...shared, sessions, passwords, throttle }),
    activity,
    cookie,
    limits,
    firstAdmin,
    identify: createIdentify({ sessions, keys, cookieName: cookie.name }),
    stop: async () => {
      sessions.stop();
      keys.stop();
      await newest.stop();
    },
  };
}

type LogOptions = Pick<
  AccessOptions,
  'database' | 'clock' | 'log' | 'activityKey' | 'activityHeadFile'
>;

/** The activity log alone, for whoever only reads it. */
export async function openActivityLog(options: LogOptions): Promise<ActivityLog> {
  return (await openLog(options)).activity;
}

async function openLog(
  options: LogOptions,
): Promise<{ activity: ActivityLog; newest: NewestEntry }> {
  const { database, clock, log, activityKey, activityHeadFile: file } = options;
  const mac = macWith(activityKey);
  const newest = new NewestEntry({ clock, log, mac, file });
  await newest.load();
  return { activity: new ActivityLog(database, clock, { mac, newest }), newest };
}
