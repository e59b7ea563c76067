import { join, resolve } from 'node:path';
import type { AnyBrokerPlugin, BrokerLimits } from '@strikewire/broker';
import { conventions, type PricingConvention } from '@strikewire/pricing';
import { z } from 'zod';

const originSchema = z
  .string()
  .refine((text) => URL.canParse(text) && new URL(text).origin === text, {
    error: 'needs origins such as https://charts.example.com',
  });

/** Addresses between commas; none when it is not set. */
const listOf = (one: z.ZodType<string, string>): z.ZodType<string[], string | undefined> =>
  z
    .string()
    .default('')
    .transform((text) => text.split(',').map((part) => part.trim()).filter((part) => part !== ''))
    .pipe(z.array(one));

/** As npm has them: no path, no address. */
const packageNameSchema = z
  .string()
  .max(214)
  .regex(/^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/, {
    error: 'needs names of packages, such as strikewire-broker-example',
  });
const pluginsMax = 20;

/** Every setting of the API, with its default: listed in docs/operations.md. */
const environmentSchema = z.object({
  /** `production` takes no secret that it was not given. */
  NODE_ENV: z.enum(['development', 'production', 'test']).default('development'),
  /** Address to listen at; beyond this machine it takes STRIKEWIRE_PUBLIC_URL to be of use. */
  STRIKEWIRE_HOST: z.string().default('127.0.0.1'),
  /** Port of the console, REST and sockets; 0 takes a free one. */
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  /** Address of the console as people type it, behind a proxy that speaks https. */
  STRIKEWIRE_PUBLIC_URL: originSchema.optional(),
  /** Origins of frontends elsewhere that may use API keys from a browser. */
  STRIKEWIRE_ALLOWED_ORIGINS: listOf(originSchema),
  /** Addresses or networks of proxies whose `X-Forwarded-For` counts. */
  STRIKEWIRE_TRUSTED_PROXIES: listOf(z.string()),
  /** By one person, key or address. */
  STRIKEWIRE_REQUESTS_PER_MINUTE: z.coerce.number().int().min(60).default(3_000),
  /** Of the admin that the first start makes. */
  STRIKEWIRE_ADMIN_PASSWORD: z.string().min(12).max(128).optional(),
  /** 32 bytes as base64 or hex, which seal all secrets at rest. */
  STRIKEWIRE_MASTER_KEY: z.string().optional(),
  /** Those that are being rotated out. */
  STRIKEWIRE_MASTER_KEY_PREVIOUS: z.string().optional(),
  /** A Redis server for shared state and jobs; without one both are in this process. */
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  /** A PostgreSQL server; without one the API runs its own. */
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  /** Where a PostgreSQL of our own keeps its data. */
  STRIKEWIRE_STATE_DIR: z.string().default('.strikewire'),
  /** The built console, as the build puts it; without an index.html only the API is served. */
  STRIKEWIRE_CONSOLE_DIR: z.string().default(join(import.meta.dirname, '../../admin/dist')),
  /** `always`, or `exchange` for the trading hours that are applied. */
  STRIKEWIRE_CALENDAR: z.enum(['always', 'exchange']).default('always'),
  /** What is served until somebody saves rules: all that is listed, or three indices. */
  STRIKEWIRE_UNIVERSE: z.enum(['full', 'indices']).default('full'),
  /** Packages of brokers beyond those that are built in, imported by name. */
  STRIKEWIRE_PLUGINS: listOf(packageNameSchema).refine((names) => names.length <= pluginsMax, {
    error: `needs at most ${pluginsMax} packages`,
  }),
  /** How IV and Greeks are computed; `broker`: as the broker's own screen does. */
  STRIKEWIRE_PRICING: z.enum(['calendar365', 'spot10', 'broker']).default('calendar365'),
  STRIKEWIRE_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
});

export type Environment = z.infer<typeof environmentSchema>;

type Variables = Readonly<Record<string, string | undefined>>;

/** @throws Error whose message names each variable at fault and what it needs. */
export function readEnvironment(variables: Variables): Environment {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const parsed = environmentSchema.safeParse(given);
  if (!parsed.success) throw new Error(problems(parsed.error));
  const { STRIKEWIRE_STATE_DIR, ...rest } = parsed.data;
  const { NODE_ENV: mode, STRIKEWIRE_PUBLIC_URL: publicUrl } = rest;
  if (mode === 'production' && publicUrl?.startsWith('http:')) {
    const needed = 'needs https in production: cookies would go over the line in the clear';
    throw new Error(`the settings are not complete:\n  STRIKEWIRE_PUBLIC_URL: ${needed}`);
  }
  return { ...rest, STRIKEWIRE_STATE_DIR: resolve(STRIKEWIRE_STATE_DIR) };
}

/**
 * The convention that the settings ask for.
 * @throws Error when it is the broker's, and the plugin declares none.
 */
export function pricingConvention(
  { STRIKEWIRE_PRICING: name }: Environment,
  { label, screenConvention }: AnyBrokerPlugin,
): PricingConvention {
  if (name !== 'broker') return conventions[name];
  if (screenConvention) return screenConvention;
  throw new Error(`STRIKEWIRE_PRICING: needs another value: how ${label} computes is not known`);
}

/** A broker with what its own variables say. */
export interface BrokerInUse {
  plugin: AnyBrokerPlugin;
  settings: BrokerSettings;
}

/** What a broker plugin's own variables say. */
export interface BrokerSettings {
  /** Of the account that they name; undefined when they name none. */
  credentials: Record<string, string> | undefined;
  endpoints: Record<string, string>;
  /** What its accounts may ask, in the reading that is chosen. */
  limits: BrokerLimits;
}

/**
 * A broker's hosts, the reading of its limits and, when there are any, credentials, from the
 * variables that its plugin names.
 * @throws Error that names each missing or malformed variable, never its value.
 */
export function readBrokerSettings(plugin: AnyBrokerPlugin, variables: Variables): BrokerSettings {
  const names = plugin.environment;
  const raw = Object.fromEntries(
    Object.entries(names.credentials).flatMap(([field, name]) =>
      variables[name] ? [[field, variables[name]]] : []),
  );
  const isNamed = Object.keys(raw).length > 0;
  const parsed = plugin.credentials.safeParse(raw);
  if (isNamed && !parsed.success) throw new Error(problems(parsed.error, names.credentials));
  const endpoints = Object.entries(plugin.endpoints).map(([field, usual]) => {
    const name = names.endpoints[field] as string;
    const url = variables[name] || usual;
    if (!URL.canParse(url)) throw new Error(`${name}: needs an address such as ${usual}`);
    return [field, url];
  });
  const credentials = isNamed ? (parsed.data as Record<string, string>) : undefined;
  const limits = chosenLimits(plugin, variables);
  return { credentials, endpoints: Object.fromEntries(endpoints), limits };
}

/** The plugin's own limits unless another reading is named. */
function chosenLimits(plugin: AnyBrokerPlugin, variables: Variables): BrokerLimits {
  const { environment, limits, limitReadings = {} } = plugin;
  const chosen = environment.limits && variables[environment.limits];
  if (!chosen) return limits;
  const reading = Object.hasOwn(limitReadings, chosen) ? limitReadings[chosen] : undefined;
  if (reading) return reading;
  const names = Object.keys(limitReadings).join(', ');
  throw new Error(`${environment.limits}: needs one of ${names}`);
}

function problems(error: z.ZodError, names: Readonly<Record<string, string>> = {}): string {
  const lines = error.issues.map((issue) => {
    const field = issue.path.join('.');
    const isMissing = issue.code === 'invalid_type' && issue.message.endsWith('undefined');
    return `${names[field] ?? field}: ${isMissing ? 'needs a value' : issue.message}`;
  });
  return `the settings are not complete:\n  ${lines.join('\n  ')}`;
}
