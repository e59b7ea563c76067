import type { Log } from '@strikewire/runtime';
import type { AccountPool } from '../engine/account-pool';
import type { BrokerInstance } from '../core/plugin';
import type { HeldAccount } from './account-shows';
import type { RefusalKind } from './refusal-kind';
import { checking, type InstanceNews } from './watched-instance';

/** What brokers say of accounts at work; of credentials that were replaced nothing counts. */
export function refusalNews(
  { log, pool, refused, answered }: {
    log: Log;
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
      if (kind === 'trading') {
        const account = held.row.label;
        if (!held.trading) log.warn('a broker refuses trading', { account, by, reason: why });
        held.trading = { why, by };
        return;
      }
      held.refusal = { why, by };
      refused(held.row.id, kind, why);
    },
    answered: (instance, by, brokerMs) => {
      const held = heldOf(instance);
      if (!held) return;
      answered(held.row.id, brokerMs);
      if (held.trading?.by === by) held.trading = null;
      if (!held.refusal) return;
      // An answer to something else is none to what was refused. But a test speaks of the whole
      // account, and whoever rests is let in by one; what a test has found any answer disproves.
      const isAbout = [by, checking].includes(held.refusal.by) || by === checking;
      if (isAbout) held.refusal = null;
    },
  };
}
