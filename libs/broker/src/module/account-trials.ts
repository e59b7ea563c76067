import type { AccountCheck, AccountTrial } from '@strikewire/contracts';
import { RateWindow } from '@strikewire/platform';
import { StrikewireError, type Clock } from '@strikewire/runtime';
import type { AccountPool } from '../engine/account-pool';
import { checkAccount } from './account-check';
import type { HeldAccount } from './account-shows';
import { invalidField } from './account-store';
import type { ServedBrokers } from './served-brokers';

/** What credentials are tried with. */
export interface AccountTrialsDeps {
  clock: Pick<Clock, 'wallMs' | 'monoMs'>;
  pool: AccountPool;
}

/** Credentials that may be tried in a minute, by all people together. */
const trialsMax = 10;

/** "Test connection" for credentials that are not saved, or not yet. */
export class AccountTrials {
  private readonly deps: AccountTrialsDeps;
  private readonly served: ServedBrokers;
  private readonly trials: RateWindow;

  constructor(deps: AccountTrialsDeps, served: ServedBrokers) {
    this.deps = deps;
    this.served = served;
    this.trials = new RateWindow(deps.clock, { countMax: trialsMax, windowMs: 60_000 });
  }

  /** `held`: the account over whose credentials they are tried. */
  async try({ broker, credentials }: AccountTrial, held?: HeldAccount): Promise<AccountCheck> {
    this.count();
    const kind = this.served.credentialsOf(broker);
    if (held && held.row.broker !== broker) {
      throw invalidField('broker', `needs to be ${held.row.broker}, as it is`);
    }
    const clear = kind.complete(credentials, held ? this.served.clearOf(held.row) : {});
    const { plugin, endpoints } = this.served.find(broker);
    const setup = { id: 'trial', label: 'trial', plugin, endpoints, credentials: clear };
    const { clock, pool } = this.deps;
    return (await checkAccount(pool.connect(setup), clock)).check;
  }

  /** Wrong credentials, again and again, can get an address banned at a broker. */
  private count(): void {
    const retryAfterS = this.trials.take('trial');
    if (retryAfterS === undefined) return;
    throw new StrikewireError({
      kind: 'throttled',
      code: 'too_many_trials',
      message: `${trialsMax} credentials were tried within a minute; go on in ${retryAfterS} s`,
      details: { retryAfterS },
    });
  }
}
