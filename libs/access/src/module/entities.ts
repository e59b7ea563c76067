import type { KeyScope, Role } from '@strikewire/contracts';
import { EntitySchema } from 'typeorm';

/** Somebody who may sign in. */
export interface PersonRow {
  id: string;
  username: string;
  name: string;
  role: Role;
  enabled: boolean;
  /** argon2id, in the PHC string format. */
  passwordHash: string;
  mustChangePassword: boolean;
  createdAt: Date;
  lastSignInAt: Date | null;
}

export const personEntity = new EntitySchema<PersonRow>({
  name: 'person',
  columns: {
    id: { type: 'uuid', primary: true },
    username: { type: 'text' },
    name: { type: 'text' },
    role: { type: 'text' },
    enabled: { type: 'boolean' },
    passwordHash: { name: 'password_hash', type: 'text', select: false },
    mustChangePassword: { name: 'must_change_password', type: 'boolean' },
    createdAt: { name: 'created_at', type: 'timestamptz' },
    lastSignInAt: { name: 'last_sign_in_at', type: 'timestamptz', nullable: true },
  },
});

/** A session that has not ended; its token is only known to its holder. */
export interface SessionRow {
  id: string;
  personId: string;
  tokenHash: string;
  signedInAt: Date;
  lastSeenAt: Date;
  steppedUpAt: Date | null;
  address: string;
  agent: string;
}

export const sessionEntity = new EntitySchema<SessionRow>({
  name: 'person_session',
  columns: {
    id: { type: 'uuid', primary: true },
    personId: { name: 'person_id', type: 'uuid' },
    tokenHash: { name: 'token_hash', type: 'text' },
    signedInAt: { name: 'signed_in_at', type: 'timestamptz' },
    lastSeenAt: { name: 'last_seen_at', type: 'timestamptz' },
    steppedUpAt: { name: 'stepped_up_at', type: 'timestamptz', nullable: true },
    address: { type: 'text' },
    agent: { type: 'text' },
  },
});

/** A key for programs, kept also after it is revoked. */
export interface KeyRow {
  id: string;
  personId: string;
  name: string;
  tokenHash: string;
  hint: string;
  scopes: KeyScope[];
  createdAt: Date;
  expiresAt: Date | null;
  revokedAt: Date | null;
  lastUsedAt: Date | null;
}

export const keyEntity = new EntitySchema<KeyRow>({
  name: 'api_key',
  columns: {
    id: { type: 'uuid', primary: true },
    personId: { name: 'person_id', type: 'uuid' },
    name: { type: 'text' },
    tokenHash: { name: 'token_hash', type: 'text' },
    hint: { type: 'text' },
    scopes: { type: 'text', array: true },
    createdAt: { name: 'created_at', type: 'timestamptz' },
    expiresAt: { name: 'expires_at', type: 'timestamptz', nullable: true },
    revokedAt: { name: 'revoked_at', type: 'timestamptz', nullable: true },
    lastUsedAt: { name: 'last_used_at', type: 'timestamptz', nullable: true },
  },
});

/** One entry of the activity log. */
export interface ActivityRow {
  /** A bigint, which the driver gives as text. */
  sequence: string;
  at: Date;
  actorKind: 'person' | 'key' | 'platform' | 'nobody';
  actorUserId: string | null;
  actorName: string;
  action: string;
  subjectKind: string;
  subjectId: string;
  subjectName: string;
  /** JSON exactly as it was hashed. */
  before: string | null;
  after: string | null;
  address: string | null;
  requestId: string | null;
  hash: string;
}

export const activityEntity = new EntitySchema<ActivityRow>({
  name: 'activity',
  columns: {
    sequence: { type: 'bigint', primary: true },
    at: { type: 'timestamptz' },
    actorKind: { name: 'actor_kind', type: 'text' },
    actorUserId: { name: 'actor_user_id', type: 'text', nullable: true },
    actorName: { name: 'actor_name', type: 'text' },
    action: { type: 'text' },
    subjectKind: { name: 'subject_kind', type: 'text' },
    subjectId: { name: 'subject_id', type: 'text' },
    subjectName: { name: 'subject_name', type: 'text' },
    before: { type: 'text', nullable: true },
    after: { type: 'text', nullable: true },
    address: { type: 'text', nullable: true },
    requestId: { name: 'request_id', type: 'text', nullable: true },
    hash: { type: 'text' },
  },
});

/** Everything that TypeORM has to know of this library. */
export const accessEntities = [personEntity, sessionEntity, keyEntity, activityEntity];
