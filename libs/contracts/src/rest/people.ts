import { z } from 'zod';
import { idSchema, instantSchema, lineSchema, roles } from './access';

/** Limits of what people choose; the console shows them. */
export const passwordLimits = { charsMin: 12, charsMax: 128 } as const;

/** A name to sign in with; upper case is taken as lower. */
export const usernameSchema = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z][a-z0-9._-]{1,31}$/, {
    error: 'needs 2 to 32 characters: letters, digits, dot, dash, underscore; a letter first',
  });

/** A password that is set: length is what counts (NIST SP 800-63B). */
export const newPasswordSchema = z
  .string()
  .min(passwordLimits.charsMin, { error: `needs at least ${passwordLimits.charsMin} characters` })
  .max(passwordLimits.charsMax, { error: `needs at most ${passwordLimits.charsMax} characters` });

/** A password that is tried: any text, bounded. */
const triedPasswordSchema = z
  .string()
  .min(1, { error: 'needs a password' })
  .max(passwordLimits.charsMax, { error: `needs at most ${passwordLimits.charsMax} characters` });

/** Body of `POST /api/auth/sign-in`. */
export const signInSchema = z.strictObject({
  username: z.string().trim().toLowerCase().min(1).max(64),
  password: triedPasswordSchema,
});
/** What is signed in with. */
export type SignIn = z.infer<typeof signInSchema>;

/** Body of `POST /api/auth/step-up`: the password once more, before a dangerous act. */
export const stepUpSchema = z.strictObject({ password: triedPasswordSchema });
/** The password once more. */
export type StepUp = z.infer<typeof stepUpSchema>;

/** Body of `POST /api/auth/password`. */
export const changePasswordSchema = z.strictObject({
  currentPassword: triedPasswordSchema,
  newPassword: newPasswordSchema,
});
/** A change of one's own password. */
export type ChangePassword = z.infer<typeof changePasswordSchema>;

/** A person, as admins see them. */
export const userSchema = z.object({
  id: idSchema,
  username: z.string(),
  /** As shown. */
  name: z.string(),
  role: z.enum(roles),
  enabled: z.boolean(),
  /** A made-up password that its owner has not replaced yet. */
  mustChangePassword: z.boolean(),
  createdAt: z.string(),
  lastSignInAt: z.string().nullable(),
});
/** A person. */
export type User = z.infer<typeof userSchema>;

/** Answer of `GET /api/users`. */
export const usersSchema = z.object({ users: z.array(userSchema) });
/** Everybody who may sign in. */
export type Users = z.infer<typeof usersSchema>;

/** Body of `POST /api/users`; the answer shows a made-up password, once. */
export const newUserSchema = z.strictObject({
  username: usernameSchema,
  name: lineSchema(64),
  role: z.enum(roles),
});
/** A person to be added. */
export type NewUser = z.infer<typeof newUserSchema>;

/** Body of `PATCH /api/users/:id`. */
export const userChangeSchema = z
  .strictObject({ name: lineSchema(64), role: z.enum(roles), enabled: z.boolean() })
  .partial();
/** A change of a person. */
export type UserChange = z.infer<typeof userChangeSchema>;

/** Answer when a password was made up: the only time it is shown. */
export const userWithPasswordSchema = z.object({ user: userSchema, password: z.string() });
/** A person with a password to hand over. */
export type UserWithPassword = z.infer<typeof userWithPasswordSchema>;

/** A signed-in browser or program. */
export const sessionSchema = z.object({
  id: idSchema,
  userId: idSchema,
  username: z.string(),
  signedInAt: z.string(),
  lastSeenAt: z.string(),
  /** Ends when nothing is asked until then. */
  idleEndsAt: z.string(),
  /** Ends then in any case. */
  endsAt: z.string(),
  /** Where it was signed in from. */
  address: z.string(),
  /** What the program calls itself. */
  agent: z.string(),
  /** The one that asks. */
  isCurrent: z.boolean(),
});
/** A session. */
export type Session = z.infer<typeof sessionSchema>;

/** Answer of `GET /api/auth/sessions` and `GET /api/sessions`, newest first. */
export const sessionsSchema = z.object({ sessions: z.array(sessionSchema) });
/** Sessions. */
export type Sessions = z.infer<typeof sessionsSchema>;

/** Who one is: answer of `GET /api/auth/me` and of signing in, stepping up, changing a password. */
export const meSchema = z.object({
  user: userSchema,
  session: sessionSchema,
  /** Until when dangerous acts need no password; null: they need it now. */
  steppedUpUntil: instantSchema.nullable(),
});
/** Who is signed in. */
export type Me = z.infer<typeof meSchema>;
