import {
  keyScopes,
  roleIncludes,
  roleOfScope,
  type KeyScope,
  type Role,
} from '@strikewire/contracts';

const words: Readonly<Record<KeyScope, { label: string; help: string }>> = {
  'chains:read': {
    label: 'Read chains',
    help: 'Option chains, expiries, Greeks and the status, over HTTP and sockets.',
  },
  'metrics:read': { label: 'Read metrics', help: 'The figures for monitoring at /metrics.' },
  'orders:read': { label: 'Read orders', help: 'Orders and positions; places none.' },
  trade: { label: 'Trade', help: 'Places and cancels orders: this key can lose money.' },
  admin: {
    label: 'Administer',
    help: 'What programs may do of an admin\'s acts. Rarely needed; give it an early end.',
  },
};

/** A scope as it is offered: in plain words, barred when the person's role does not reach it. */
export interface ScopeChoice {
  value: KeyScope;
  label: string;
  help: string;
  isBarred: boolean;
}

export function scopeChoices(role: Role): ScopeChoice[] {
  return keyScopes.map((value) => {
    const needed = roleOfScope[value];
    const isBarred = !roleIncludes(role, needed);
    const { label, help } = words[value];
    return { value, label, help: isBarred ? `${help} Needs the role ${needed}.` : help, isBarred };
  });
}

const dayMs = 86_400_000;

/** How long a key can be made to live; null days: until it is revoked. */
export const expiryChoices = [
  { value: '30', label: '30 days', days: 30 },
  { value: '90', label: '90 days', days: 90 },
  { value: '365', label: '1 year', days: 365 },
  { value: 'never', label: 'Until revoked', days: null },
] as const;

/** When a key of the choice expires, ISO-8601; null for never. */
export function expiryOf(choice: string, wallMs: number): string | null {
  const days = expiryChoices.find(({ value }) => value === choice)?.days ?? null;
  return days === null ? null : new Date(wallMs + days * dayMs).toISOString();
}
