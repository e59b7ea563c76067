import { StrikewireError } from '@strikewire/runtime';
import {
  defaultAccount, defaultFeedSettings, defaultRates, defaultUpstoxAccount, faceNames,
} from '@strikewire/simulator';
import { z } from 'zod';

const whole = z.coerce.number().int();

const accountsMax = 20;
const namedAccount = /^(\d{4,12}):([^\s:,]{1,4096})$/;

interface NamedAccount {
  clientId: string;
  token: string;
}

/** `3`, or `1000000001:token,1000000002:token`; undefined for anything else. */
function readAccounts(text: string): number | NamedAccount[] | undefined {
  if (/^\d{1,2}$/.test(text)) {
    const count = Number(text);
    return count >= 1 && count <= accountsMax ? count : undefined;
  }
  const accounts = text.split(',').flatMap((part) => {
    const [, clientId, token] = namedAccount.exec(part.trim()) ?? [];
    return clientId && token ? [{ clientId, token }] : [];
  });
  const isWhole = accounts.length === text.split(',').length && accounts.length <= accountsMax;
  const ids = new Set(accounts.map(({ clientId }) => clientId));
  const tokens = new Set(accounts.map(({ token }) => token));
  const isDistinct = ids.size === accounts.length && tokens.size === accounts.length;
  return isWhole && isDistinct ? accounts : undefined;
}

const accounts = z.string().transform((text, context) => {
  const read = readAccounts(text);
  if (read !== undefined) return read;
  context.addIssue({
    code: 'custom',
    message: `needs a number from 1 to ${accountsMax}, or "client id:token" with commas between, ` +
      'no id and no token twice',
  });
  return z.NEVER;
});

/** Every setting has a default that runs; names are those of the environment. */
const schema = z.object({
  /** Of the first broker's face; the others follow on the next ports. 0: any that are free. */
  SIMULATOR_PORT: whole.min(0).max(65_536 - faceNames.length).default(4000),
  /** The same seed gives the same market. */
  SIM_SEED: whole.min(0).max(4_294_967_295).default(1),
  /** `always` trades at any hour; `nse` keeps the exchanges' hours and holidays, MCX's too. */
  SIM_CALENDAR: z.enum(['always', 'nse']).default('always'),
  SIM_TICKS_PER_SECOND: z.coerce.number().min(0).max(100_000).default(defaultRates.ticksPerSecond),
  SIM_CONTRACT_TICKS_PER_SECOND: z.coerce
    .number().min(0.001).max(10_000).default(defaultRates.contractTicksPerSecondMax),
  SIM_SNAPSHOT_ON_SUBSCRIBE: z
    .enum(['true', 'false']).default('true').transform((text) => text === 'true'),
  /** Server pings of the feed, milliseconds. */
  SIM_PING_MS: whole.min(100).max(600_000).default(defaultFeedSettings.pingMs),
  /** How the option chain's 3-second rule is read. */
  SIM_CHAIN_RULE: z.enum(['perKey', 'flat']).default('perKey'),
  /** How many accounts there are, the first of them the one named below; or all of them by name. */
  SIM_ACCOUNTS: accounts.default(3),
  /** Shares with options beside the indices, in the order of their names; fewer start faster. */
  SIM_STOCKS: whole.min(0).max(1_000).default(1_000),
  SIM_CLIENT_ID: z.string().min(1).default(defaultAccount.clientId),
  SIM_ACCESS_TOKEN: z.string().min(1).default(defaultAccount.token),
  /** Where Upstox's sign-in sends the user back to: the address that the app has registered. */
  SIM_UPSTOX_REDIRECT_URI: z.url().default(defaultUpstoxAccount.redirectUri),
});

export type Settings = z.infer<typeof schema>;

/** @throws StrikewireError `invalid` that names each wrong variable. Empty ones count as unset. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const given = Object.entries(environment).filter(([, value]) => value !== '');
  const read = schema.safeParse(Object.fromEntries(given));
  if (read.success) return read.data;
  const problems = read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new StrikewireError({
    kind: 'invalid',
    code: 'settings_invalid',
    message: `simulator settings are wrong: ${problems.join('; ')}`,
  });
}
