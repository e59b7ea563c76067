import type { ActedBy, Person } from '@strikewire/platform';
import {
  errorKindOf,
  errorMessageOf,
  inTime,
  StrikewireError,
  type Clock,
  type Log,
  type SecureRandom,
} from '@strikewire/runtime';
import type { TokenGrant } from '../core/auth-port';
import type { Accounts } from './accounts';

/** What signing in at brokers' pages is made of. */
export interface SignInsDeps {
  clock: Pick<Clock, 'monoMs' | 'after'>;
  random: SecureRandom;
  log: Log;
  accounts: Accounts;
}

/** Where brokers send people back to, under the address of the console. */
export const signInCallback = '/api/accounts/sign-in/callback';

/** A sign-in that has begun. */
interface Begun {
  accountId: string;
  userId: string;
  redirectUri: string;
  endsMono: number;
}

/** How a sign-in has ended, for people. */
export interface SignInOutcome {
  isDone: boolean;
  message: string;
}

const lastsMs = 10 * 60_000;
/** Sign-ins that are under way at once; of more the oldest is over. */
const begunMax = 100;
const stateBytes = 32;
const messageCharsMax = 300;

/**
 * Signing in at a broker's own page. What comes back belongs to a sign-in that the same person has
 * begun here: a state that nobody can guess, good for once and for ten minutes, tells which.
 */
export class SignIns {
  private readonly deps: SignInsDeps;
  private readonly begun = new Map<string, Begun>();

  constructor(deps: SignInsDeps) {
    this.deps = deps;
  }

  /** Where the person has to go. `console`: the console's address, which the broker has to know. */
  begin(accountId: string, { userId }: Pick<Person, 'userId'>, console: string): { url: string } {
    const { accounts, clock, random } = this.deps;
    const { instance, plugin } = accounts.connection(accountId);
    const flow = instance.auth?.signIn;
    if (!flow) {
      const message = `${plugin.label} has no page to sign in at: replace the token by hand`;
      throw new StrikewireError({ kind: 'denied', code: 'sign_in_not_there', message });
    }
    const state = Buffer.from(random.bytes(stateBytes)).toString('base64url');
    const redirectUri = `${console}${signInCallback}`;
    const url = flow.url(redirectUri, state);
    const [oldest] = this.begun.keys();
    if (this.begun.size >= begunMax && oldest !== undefined) this.begun.delete(oldest);
    const endsMono = clock.monoMs() + lastsMs;
    this.begun.set(state, { accountId, userId, redirectUri, endsMono });
    return { url };
  }

  /** What the broker has sent the person back with. Never rejects. */
  async complete(answer: URLSearchParams, by: ActedBy): Promise<SignInOutcome> {
    const { clock, log } = this.deps;
    const state = answer.get('state') ?? '';
    const begun = this.begun.get(state);
    this.begun.delete(state);
    if (!begun || begun.endsMono <= clock.monoMs()) {
      return failed('This sign-in is over, or was never begun here: begin it again.');
    }
    if (by.caller.kind !== 'person' || by.caller.userId !== begun.userId) {
      return failed('This sign-in was begun by somebody else: begin it again.');
    }
    if (by.caller.role !== 'admin') return failed('This needs the role admin.');
    try {
      return await this.grant(begun, answer, by);
    } catch (error) {
      const reason = errorMessageOf(error);
      log.warn('a sign-in at a broker failed', { account: begun.accountId, reason });
      // What is no answer of ours or the broker's may hold anything.
      return failed(errorKindOf(error) === 'assertion' ? 'It failed: see the log.' : reason);
    }
  }

  private async grant(
    { accountId, redirectUri }: Begun,
    answer: URLSearchParams,
    by: ActedBy,
  ): Promise<SignInOutcome> {
    const { accounts, clock, log } = this.deps;
    const from = accounts.connection(accountId);
    const { label, plugin } = from;
    const flow = from.instance.auth?.signIn;
    if (!flow) return failed(`${plugin.label} has no page to sign in at any more.`);
    const keep = ({ credentials }: TokenGrant): Promise<void> =>
      accounts.grant(accountId, { credentials, from, action: 'account.signed_in' }, by);
    const exchange = (): Promise<TokenGrant> => flow.complete(redirectUri, answer);
    const what = `the sign-in of ${label} at ${plugin.label}`;
    // What a broker has handed out for it cannot be had once more.
    const grant = await inTime({ clock, what }, exchange, (late) => {
      keep(late).catch((error: unknown) =>
        log.warn('a sign-in came too late', { account: label, reason: errorMessageOf(error) }));
    });
    await keep(grant);
    return { isDone: true, message: `${label} is signed in at ${plugin.label}.` };
  }
}

function failed(message: string): SignInOutcome {
  return { isDone: false, message: message.slice(0, messageCharsMax) };
}
