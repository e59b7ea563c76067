import { roleIncludes, paperAccount, type Role } from '@strikewire/contracts';
import type { OrderVenue } from './order-venue';

/** Who wants something. */
export interface Asker {
  userId: string;
  name: string;
  role: Role;
  /** As the journal knows people; only handed on. */
  by: unknown;
}

/** The venue's name of a person's paper account. */
export function paperAccountOf(userId: string): string {
  return `paper:${userId}`;
}

/** The venue's name of an account as somebody calls it. */
export function accountOf(asker: Pick<Asker, 'userId'>, account: string): string {
  return account === paperAccount ? paperAccountOf(asker.userId) : account;
}

/** The account as it is shown. */
export function shownAccount(account: string): string {
  return account.startsWith('paper:') ? paperAccount : account;
}

/** A paper account is its person's alone; a live one its traders', and the admins'. */
export function mayTrade(
  asker: Pick<Asker, 'userId' | 'role'>,
  { mode, account, traders }: Pick<OrderVenue, 'mode' | 'account' | 'traders'>,
): boolean {
  if (!roleIncludes(asker.role, 'trader')) return false;
  if (mode === 'paper') return account === paperAccountOf(asker.userId);
  return roleIncludes(asker.role, 'admin') || traders.includes(asker.userId);
}

/** What a live account has left behind that is not there any more is the admins'. */
export function isLeftTo({ role }: Pick<Asker, 'role'>, account: string): boolean {
  return roleIncludes(role, 'admin') && !account.startsWith('paper:');
}
