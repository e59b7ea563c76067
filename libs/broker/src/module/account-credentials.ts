import { secretMark } from '@strikewire/contracts';
import type { Vault } from '@strikewire/platform/secrets';
import { StrikewireError } from '@strikewire/runtime';
import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { credentialFields, type CredentialField } from '../core/credential-fields';
import type { AnyBrokerPlugin } from '../core/plugin';
import type { StoredCredentials } from './entities';

/** Credentials as a form sends them; `***` and what is left out stay as they were. */
export type GivenCredentials = Readonly<Record<string, string | number | boolean>>;

/** The credentials of one plugin's accounts: checked, sealed, opened, and shown without secrets. */
export class AccountCredentials {
  readonly fields: readonly CredentialField[];
  private readonly plugin: AnyBrokerPlugin;
  private readonly vault: Vault;

  /** Throws (`fatal`) when no form can be drawn of the plugin's credentials. */
  constructor(plugin: AnyBrokerPlugin, vault: Vault) {
    this.plugin = plugin;
    this.vault = vault;
    this.fields = credentialFields(plugin);
  }

  /**
   * Credentials in the clear, over what is stored when there is something. Kind `invalid` that
   * names each field and what it needs, never a value.
   */
  complete(given: GivenCredentials, held: GivenCredentials = {}): GivenCredentials {
    const unknown = Object.keys(given).filter((name) => !this.field(name));
    if (unknown.length > 0) {
      const message = 'is no field of this broker';
      throw invalid(unknown.map((name) => ({ path: [name], message })));
    }
    const kept = Object.entries(thoseSet(given)).filter(
      ([name, value]) => !(this.field(name)?.secret && value === secretMark),
    );
    const whole = { ...held, ...Object.fromEntries(kept) };
    const parsed = this.plugin.credentials.safeParse(whole);
    if (parsed.success) return thoseSet(parsed.data);
    throw invalid(parsed.error.issues);
  }

  /** As they are stored: each secret under a key of its own, bound to account and field. */
  seal(accountId: string, clear: GivenCredentials): StoredCredentials {
    return this.map(clear, (name, value) =>
      this.isSecret(name) ? this.vault.seal(String(value), contextOf(accountId, name)) : value,
    );
  }

  /** In the clear. Kind `fatal` when the master key is another one. */
  open(accountId: string, stored: StoredCredentials): GivenCredentials {
    return this.map(stored, (name, value) =>
      this.isSecret(name) ? this.vault.open(String(value), contextOf(accountId, name)) : value,
    );
  }

  /** For people: a secret that is set is `***`. */
  show(credentials: GivenCredentials): StoredCredentials {
    return this.map(credentials, (name, value) => (this.isSecret(name) ? secretMark : value));
  }

  /** What nobody has declared is taken for a secret. */
  private isSecret(name: string): boolean {
    return this.field(name)?.secret ?? true;
  }

  private field(name: string): CredentialField | undefined {
    return this.fields.find((field) => field.name === name);
  }

  private map(
    credentials: GivenCredentials,
    change: (name: string, value: string | number | boolean) => string | number | boolean,
  ): StoredCredentials {
    const entries = Object.entries(credentials).map(
      ([name, value]) => [name, change(name, value)] as const,
    );
    return Object.fromEntries(entries);
  }
}

/** A field that nobody has filled is none: stored, it would be a text. */
function thoseSet(credentials: unknown): GivenCredentials {
  const entries = Object.entries(credentials as GivenCredentials);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function contextOf(accountId: string, field: string): string {
  return `broker-account:${accountId}:${field}`;
}

function invalid(
  issues: readonly Pick<z.core.$ZodIssue, 'path' | 'message'>[],
): StrikewireError {
  const fields = issues.map(({ path, message }) => {
    const needed = message.endsWith('received undefined') ? 'needs a value' : message;
    return { field: ['credentials', ...path].join('.'), needed };
  });
  return new StrikewireError({
    kind: 'invalid',
    code: 'credentials_invalid',
    message: fields.map(({ field, needed }) => `${field}: ${needed}`).join('; '),
    details: { fields },
  });
}

/** Tells settings from others; secrets are not to be had back from it. */
export function digestOf(credentials: GivenCredentials): string {
  const text = JSON.stringify(Object.entries(credentials).sort());
  return createHash('sha256').update(text).digest('base64url');
}

/** Whether both are filled in alike. */
export function isEqual(one: GivenCredentials, other: GivenCredentials): boolean {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => one[name] === other[name]);
}
