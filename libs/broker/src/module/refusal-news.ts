import type { AccountPool } from '../engine/account-pool';
import type { BrokerInstance } from '../core/plugin';
import type { HeldAccount } from './account-shows';
import { checking, type InstanceNews, type RefusalKind } from './watched-instance';

/** What brokers say of accounts at work; of credentials that were replaced nothing counts. */
export function refusalNews(
  { pool, refused, answered }: {
    pool: Pick<AccountPool, 'all'>;
    refused(id: string, kind: RefusalKind, why: string): void;
    /** How long the broker had the word. */
    answered(id: string, brokerMs: number): void;
  },
  find: (id: string) => HeldAccount | undefined,
): InstanceNews {
  const heldOf = (instance: BrokerInstance): HeldAccount | undefined => {
    const account = pool.all().find((one) => one.instance === instance);
    return account && find(account.id);
  };
  return {
    refused: (instance, by, { kind, why }) => {
      const held = heldOf(instance);
      if (!held) return;
      held.refusal = { why, by };
      refused(held.row.id, kind, why);
    },
    answered: (instance, by, brokerMs) => {
      const held = heldOf(instance);
      if (!held) return;
      answered(held.row.id, brokerMs);
      if (!held.refusal) return;
      // An answer to something else is none to what was refused. But a test speaks of the whole
      // account, and whoever rests is let in by one; what a test has found any answer disproves.
      const isAbout = [by, checking].includes(held.refusal.by) || by === checking;
      if (isAbout) held.refusal = null;
    },
  };
}
