import { z } from 'zod';
import { idSchema, instantSchema, keyScopes, lineSchema } from './access';

/** Keys that one person may have at once. */
export const keysPerOwnerMax = 50;

/** A key for programs; its secret is shown once, when it is made. */
export const apiKeySchema = z.object({
  id: idSchema,
  name: z.string(),
  /** The first characters of the secret, to tell keys apart. */
  hint: z.string(),
  scopes: z.array(z.enum(keyScopes)),
  owner: z.object({ id: idSchema, username: z.string() }),
  createdAt: z.string(),
  expiresAt: z.string().nullable(),
  revokedAt: z.string().nullable(),
  lastUsedAt: z.string().nullable(),
  state: z.enum(['active', 'expired', 'revoked', 'owner_disabled']),
});
/** A key for programs. */
export type ApiKey = z.infer<typeof apiKeySchema>;

/** Answer of `GET /api/keys`: one's own; an admin's `?all=true` gives everybody's. */
export const apiKeysSchema = z.object({ keys: z.array(apiKeySchema) });
/** Keys. */
export type ApiKeys = z.infer<typeof apiKeysSchema>;

/** Query of `GET /api/keys`. */
export const apiKeysQuerySchema = z.strictObject({ all: z.stringbool().default(false) });
/** Whose keys. */
export type ApiKeysQuery = z.infer<typeof apiKeysQuerySchema>;

/** Body of `POST /api/keys`. */
export const newApiKeySchema = z.strictObject({
  name: lineSchema(64),
  scopes: z
    .array(z.enum(keyScopes))
    .min(1, { error: 'needs at least one scope' })
    .max(keyScopes.length)
    .transform((scopes) => keyScopes.filter((scope) => scopes.includes(scope))),
  expiresAt: instantSchema.nullable(),
});
/** A key to be made. */
export type NewApiKey = z.infer<typeof newApiKeySchema>;

/** Answer of `POST /api/keys`: the only time that the secret is shown. */
export const apiKeyWithSecretSchema = z.object({ key: apiKeySchema, secret: z.string() });
/** A new key with its secret. */
export type ApiKeyWithSecret = z.infer<typeof apiKeyWithSecretSchema>;
