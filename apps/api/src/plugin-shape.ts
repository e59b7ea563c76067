import { brokerContract, credentialFields, type AnyBrokerPlugin } from '@strikewire/broker';
import { errorMessageOf } from '@strikewire/runtime';
import { z } from 'zod';
import { limitsSchema } from './plugin-limits';

const variableSchema = z.string().regex(/^[A-Z][A-Z0-9_]{1,63}$/, {
  error: 'needs the name of an environment variable in capitals',
});
const textSchema = z.string().min(1).max(64);
const functionSchema = z.custom((value) => typeof value === 'function', {
  error: 'needs a function',
});

const exchangesSchema = z.array(z.enum(['NSE', 'BSE', 'MCX'])).min(1);
const capabilitiesSchema = z
  .object({
    exchanges: exchangesSchema,
    chainExchanges: exchangesSchema.optional(),
    depthLevels: z.literal([0, 1, 5, 20], { error: 'needs one of 0, 1, 5, 20' }),
    depthFeed: z.boolean().optional(),
    brokerGreeks: z.boolean({ error: 'needs true or false' }),
    tokenRenewal: z.boolean().optional(),
    browserSignIn: z.boolean().optional(),
  })
  .refine(
    ({ exchanges, chainExchanges = [] }) => chainExchanges.every((one) => exchanges.includes(one)),
    { path: ['chainExchanges'], error: 'needs exchanges that its feed carries as well' },
  );

/** What has to be there before anything of a plugin is used. */
const pluginSchema = z.object({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, { error: 'needs lower case, digits and -' }),
  label: textSchema,
  credentials: z.custom(
    (value) => typeof (value as { safeParse?: unknown } | null)?.safeParse === 'function',
    { error: 'needs a flat object schema of zod' },
  ),
  endpoints: z.record(textSchema, z.string().refine((url) => URL.canParse(url), {
    error: 'needs an address',
  })),
  capabilities: capabilitiesSchema,
  limits: limitsSchema,
  limitReadings: z.record(textSchema, limitsSchema).optional(),
  environment: z.object({
    credentials: z.record(textSchema, variableSchema),
    endpoints: z.record(textSchema, variableSchema),
    limits: variableSchema.optional(),
  }),
  accountOf: functionSchema,
  create: functionSchema,
});

/** Whether a value is meant to be a broker plugin, of whatever version, fit or not. */
export function isMeantAsPlugin(value: unknown): value is { contract: unknown } {
  if (typeof value !== 'object' || value === null) return false;
  return 'contract' in value && 'credentials' in value && 'create' in value;
}

/**
 * What keeps a value from being a broker plugin, in plain words; undefined: nothing does. It is
 * told by its shape: a package from elsewhere has its own copies of all that could be compared.
 */
export function pluginFault(value: { contract: unknown }): string | undefined {
  if (value.contract !== brokerContract) {
    return `its contract is ${String(value.contract)}, and this platform needs ${brokerContract}`;
  }
  const parsed = pluginSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return `${issue?.path.join('.') ?? 'it'}: ${issue?.message ?? 'is not as it has to be'}`;
  }
  const plugin = value as unknown as AnyBrokerPlugin;
  return formFault(plugin) ?? namesFault(plugin);
}

function formFault(plugin: AnyBrokerPlugin): string | undefined {
  try {
    credentialFields(plugin);
    return undefined;
  } catch (error) {
    return errorMessageOf(error);
  }
}

/** Every endpoint and credential that is declared has its variable. */
function namesFault(plugin: AnyBrokerPlugin): string | undefined {
  const { environment, endpoints } = plugin;
  const missing = [
    ...Object.keys(endpoints).filter((name) => environment.endpoints[name] === undefined),
    ...credentialFields(plugin).flatMap(({ name }) =>
      environment.credentials[name] === undefined ? [name] : []),
  ];
  if (missing.length === 0) return undefined;
  return `environment names no variable of ${missing.join(', ')}`;
}
