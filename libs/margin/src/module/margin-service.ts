import {
  indiaIsoOf,
  paperAccount,
  rupeesOf,
  type BasketMargin,
  type Exchange,
  type MarginPortfolio,
  type MarginReconciliations,
  type OrderTrial,
  type Role,
} from '@strikewire/contracts';
import type { ContractDesk } from '@strikewire/option-chain/engine';
import { StrikewireError, type Clock } from '@strikewire/runtime';
import type { MarginPosition } from '../core/margin-position';
import { bandOf } from '../core/reconcile';
import type { RunningMarginDesk } from '../engine/margin-desk-deps';
import type { MarginAccount } from '../engine/margin-account';
import type { MarginEstimator } from '../engine/margin-estimator';
import { basketMarginView, brokerMarginView, marginEstimateView } from '../engine/margin-views';
import { trialPositions } from '../engine/trial-positions';

/** Whoever asks, as far as accounts are concerned. */
export interface MarginReader {
  userId: string;
  role: Role;
}

/** What the service answers from. */
export interface MarginServiceDeps {
  clock: Pick<Clock, 'wallMs'>;
  desk: RunningMarginDesk;
  estimator: MarginEstimator;
  contracts: Pick<ContractDesk, 'find'>;
  accountOf(account: string): MarginAccount | null;
  /** Everything that an account holds now. */
  heldOf(account: string): readonly MarginPosition[];
  /** Of live accounts; one's own paper account anybody may. */
  mayTrade(userId: string, role: Role, account: string): boolean;
  /** Epoch ms of a contract's last moment of trading. */
  lastMomentMs(exchange: Exchange, expiry: string): number;
}

/** Margin as REST answers it. Nothing here asks a broker. */
export class MarginService {
  private readonly deps: MarginServiceDeps;

  constructor(deps: MarginServiceDeps) {
    this.deps = deps;
  }

  portfolio(reader: MarginReader, wanted: string): MarginPortfolio {
    const { clock, desk, estimator, heldOf } = this.deps;
    const account = this.accountFor(reader, wanted);
    const held = heldOf(account);
    const moment = estimator.now();
    const { estimate, reason } = moment.estimate(held);
    const { broker, brokerReason } = desk.look({ account, held, intended: [] });
    const comparison = desk.comparisonOf(account, held);
    const funds = desk.fundsOf(account);
    return {
      account: wanted,
      funds: funds && {
        available: rupeesOf(funds.availablePaise),
        used: rupeesOf(funds.usedPaise),
        total: rupeesOf(funds.availablePaise + funds.usedPaise),
      },
      fundsAt: funds && indiaIsoOf(funds.atMs),
      estimate: estimate && marginEstimateView(estimate, (one) => moment.spotPaiseOf(one)),
      reason,
      broker: broker && comparison && brokerMarginView(broker, comparison, clock.wallMs()),
      brokerReason: broker && !comparison ? 'there is no estimate to compare with' : brokerReason,
    };
  }

  estimate(reader: MarginReader, trial: OrderTrial): BasketMargin {
    const { desk, estimator, heldOf } = this.deps;
    const account = this.accountFor(reader, trial.account);
    const held = heldOf(account);
    const intended = trialPositions(trial.legs, this.deps);
    const answer = desk.look({ account, held, intended });
    const moment = estimator.now();
    moment.estimate([...held, ...intended]);
    return basketMarginView(answer, intended, (one) => moment.spotPaiseOf(one));
  }

  reconciliations({ userId, role }: MarginReader): MarginReconciliations {
    const { desk, mayTrade } = this.deps;
    const shapes = desk
      .reconciliations()
      .filter(({ account }) => mayTrade(userId, role, account))
      .map(({ account, shape, ratios }) => ({
        account,
        shape,
        ratios: [...ratios],
        band: bandOf(ratios),
      }));
    return { shapes };
  }

  private accountFor({ userId, role }: MarginReader, wanted: string): string {
    if (wanted === paperAccount) return `${paperAccount}:${userId}`;
    const { accountOf, mayTrade } = this.deps;
    if (!accountOf(wanted)) {
      const message = `there is no account ${wanted.slice(0, 64)}`;
      throw new StrikewireError({ kind: 'not_found', code: 'account_unknown', message });
    }
    if (mayTrade(userId, role, wanted)) return wanted;
    const message = 'this account is traded by others: an admin can add you to it';
    throw new StrikewireError({ kind: 'forbidden', code: 'account_foreign', message });
  }
}
