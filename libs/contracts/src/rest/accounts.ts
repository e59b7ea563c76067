import { z } from 'zod';
import { idSchema, lineSchema } from './access';

/** What a form shows in place of a secret that is set; sent back, it means "as it was". */
export const secretMark = '***';

/** One field of a broker's credentials, from which a form is drawn and checked beforehand. */
export const credentialFieldSchema = z.object({
  name: z.string(),
  label: z.string(),
  help: z.string().nullable(),
  kind: z.enum(['text', 'number', 'boolean', 'choice']),
  /** Never shown again once it is saved. */
  secret: z.boolean(),
  required: z.boolean(),
  choices: z.array(z.string()).nullable(),
  charsMin: z.number().int().nullable(),
  charsMax: z.number().int().nullable(),
  /** A regular expression that the whole text has to match. */
  pattern: z.string().nullable(),
  /** Said when it does not match. */
  patternHelp: z.string().nullable(),
});
/** One field of a broker's credentials. */
export type CredentialField = z.infer<typeof credentialFieldSchema>;

/** Answer of `GET /api/brokers`. */
export const brokersSchema = z.object({
  brokers: z.array(
    z.object({
      id: z.string(),
      label: z.string(),
      exchanges: z.array(z.string()),
      /** Whether people sign in at the broker's own page. */
      browserSignIn: z.boolean(),
      fields: z.array(credentialFieldSchema),
    }),
  ),
});
/** The brokers that accounts can be of. */
export type Brokers = z.infer<typeof brokersSchema>;

/** How "Test connection" went. */
export const accountCheckSchema = z.object({
  ok: z.boolean(),
  at: z.string(),
  /** In plain words: what the account may do, or why it was refused and what to do. */
  message: z.string(),
  tokenExpiresAt: z.string().nullable(),
});
/** How "Test connection" went. */
export type AccountCheck = z.infer<typeof accountCheckSchema>;

/** An account of a broker. */
export const accountSchema = z.object({
  id: idSchema,
  broker: z.string(),
  brokerLabel: z.string(),
  label: z.string(),
  enabled: z.boolean(),
  /** The one whose feed is used; exactly one, when there are any. */
  primary: z.boolean(),
  /** Fields as they are; a secret that is set is `***`. */
  credentials: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  /** Who may trade it, beside nobody. */
  traders: z.array(z.object({ id: idSchema, username: z.string() })),
  state: z.enum(['off', 'ready', 'in_use', 'parked']),
  /** Why it is parked or what is wrong, in plain words. */
  stateReason: z.string().nullable(),
  tokenExpiresAt: z.string().nullable(),
  lastCheck: accountCheckSchema.nullable(),
  /** The account's own limits: requests in use per class. */
  budget: z.array(
    z.object({
      class: z.string(),
      used: z.number(),
      limit: z.number(),
      windowMs: z.number(),
      waiting: z.number(),
    }),
  ),
  createdAt: z.string(),
  updatedAt: z.string(),
});
/** An account of a broker. */
export type Account = z.infer<typeof accountSchema>;

/** Answer of `GET /api/accounts`: the primary one first, then by label. */
export const accountsSchema = z.object({ accounts: z.array(accountSchema) });
/** The accounts. */
export type Accounts = z.infer<typeof accountsSchema>;

const credentialsSchema = z
  .record(
    z.string().regex(/^[a-zA-Z][a-zA-Z0-9]{0,63}$/, { error: 'needs to be a name of a field' }),
    z.union([z.string().max(4_096), z.number(), z.boolean()]),
  )
  .refine((fields) => Object.keys(fields).length <= 32, { error: 'needs at most 32 fields' });

/** Body of `POST /api/accounts`. The first account becomes the primary one. */
export const newAccountSchema = z.strictObject({
  broker: lineSchema(32),
  label: lineSchema(64),
  enabled: z.boolean().default(true),
  credentials: credentialsSchema,
  traders: z.array(idSchema).max(200).default([]),
});
/** An account to be added. */
export type NewAccount = z.infer<typeof newAccountSchema>;

/** Body of `PATCH /api/accounts/:id`; a credential that is left out or `***` stays as it is. */
export const accountChangeSchema = z
  .strictObject({
    label: lineSchema(64),
    enabled: z.boolean(),
    credentials: credentialsSchema,
    traders: z.array(idSchema).max(200),
  })
  .partial();
/** A change of an account. */
export type AccountChange = z.infer<typeof accountChangeSchema>;

/** Body of `POST /api/accounts/check`: tests what is not saved; with `id`, over what is. */
export const accountTrialSchema = z.strictObject({
  id: idSchema.optional(),
  broker: lineSchema(32),
  credentials: credentialsSchema,
});
/** Credentials to be tested. */
export type AccountTrial = z.infer<typeof accountTrialSchema>;
