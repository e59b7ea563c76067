import { indiaIsoOf, type AccountCheck } from '@strikewire/contracts';
import { errorKindOf, errorMessageOf, type Clock, type ErrorKind } from '@strikewire/runtime';
import type { LiveAccount } from '../engine/account-pool';
import { refusalOf, type RefusalKind } from './refusal-kind';
import { checking } from './watched-instance';

/** How "Test connection" went, and how the broker refused the account, if it did. */
export interface CheckOutcome {
  check: AccountCheck;
  refusal: RefusalKind | undefined;
}

/** What a failure means to whoever set the account up, by its kind. */
const meanings: Partial<Record<ErrorKind, string>> = {
  unauthenticated: 'refused these credentials: wrong, or the token has ended or was replaced',
  forbidden: 'does not let this account do that',
  fatal: 'does not serve this account',
  throttled: 'is asked too often at this moment: try again in a minute',
  retryable: 'could not be reached, or did not answer as it should: try again',
};

/** Asks the broker what an account may do, and says it in plain words. Never rejects. */
export async function checkAccount(
  { instance, plugin }: Pick<LiveAccount, 'instance' | 'plugin'>,
  clock: Pick<Clock, 'wallMs'>,
): Promise<CheckOutcome> {
  const told = (ok: boolean, message: string, expiresMs: number | null): AccountCheck => ({
    ok,
    at: indiaIsoOf(clock.wallMs()),
    message,
    tokenExpiresAt: expiresMs === null ? null : indiaIsoOf(expiresMs),
  });
  try {
    const { accountId, hasMarketData, tokenExpiresMs } = await instance.check();
    const message = hasMarketData
      ? `Account ${accountId} is connected, with market data.`
      : `Account ${accountId} is connected, but has no subscription to market data.`;
    return { check: told(hasMarketData, message, tokenExpiresMs), refusal: undefined };
  } catch (error) {
    const kind = errorKindOf(error);
    const meaning = meanings[kind] ?? 'gave an answer that is not understood';
    const message = `${plugin.label} ${meaning}. (${errorMessageOf(error)})`;
    return { check: told(false, message, null), refusal: refusalOf(error) };
  }
}

/** A refusal that a test has found: any answer to the account disproves it. */
export function refusalFound({ message }: AccountCheck): { why: string; by: string } {
  return { why: message, by: checking };
}
