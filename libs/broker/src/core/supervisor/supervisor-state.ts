/** An account as the supervisor is told of it, in the order of failover. */
export interface SupervisedAccount {
  id: string;
  /** The plugin's id. */
  broker: string;
  /** Another number: other credentials, so that what was refused before counts no more. */
  version: number;
  /** Whether its token can be had anew without a person. */
  canRenew: boolean;
}

/**
 * How an account stands. `lost`: none of its sockets has been live for a while, and they go on
 * trying; `renewing`: its token was refused and is had anew, once; `parked`: it waits for a person;
 * `suspended`: the broker has closed it.
 */
export type StandingKind = 'fit' | 'lost' | 'renewing' | 'parked' | 'suspended';

/** An account, and all that is known of it. Times by the monotonic clock. */
export interface AccountState extends SupervisedAccount {
  standing: StandingKind;
  /** Why it is not fit, in plain words. */
  reason: string | null;
  /** Sockets that it is to have now, and those of them that are live. */
  wanted: number;
  live: number;
  /** Since when none of the wanted sockets is live; null while one is, or none is wanted. */
  darkMono: number | null;
  /** Since when nothing has spoken against it; -Infinity when nothing ever has. */
  fitMono: number;
  /** When its token was last had anew because it was refused. */
  renewedMono: number;
  /** Classes of requests that others answer for it, and until when. */
  diverted: ReadonlyMap<string, number>;
  /** Failures of the broker's API since its last answer: which endpoint, and when. */
  failures: readonly { endpoint: string; atMono: number }[];
}

/** A broker whose API is down is not asked before `untilMono`, each time longer. */
export interface BrokerState {
  untilMono: number;
  strikes: number;
}

/** Everything the supervisor knows. */
export interface SupervisorState {
  /** In the order of failover; the first one's broker is at home. */
  accounts: readonly AccountState[];
  brokers: ReadonlyMap<string, BrokerState>;
  /** An account that a person wants to come first. */
  forced: string | null;
  /** Accounts that a person has taken out of service. */
  drained: ReadonlySet<string>;
  /** Who carries the data, in order. */
  carriers: readonly string[];
  /** Who could take over, in order. */
  reserve: readonly string[];
  switchedMono: number;
  isDegraded: boolean;
}

/** What a request over REST came to; `failed`: no answer, or an error of the broker's own. */
export type RestOutcome = 'answered' | 'throttled' | 'failed';

/** What the supervisor is told. */
export type SupervisorEvent =
  | {
      type: 'accounts';
      accounts: readonly SupervisedAccount[];
      forced: string | null;
      drained: ReadonlySet<string>;
    }
  /** `isMute`: none is live, and silence, which was waited for, is the reason. */
  | { type: 'feed'; account: string; wanted: number; live: number; isMute?: boolean }
  | {
      type: 'refused';
      account: string;
      kind: 'auth' | 'suspended' | 'parked';
      reason: string;
      /** A request was refused, not a socket: what is live may go on so. */
      isRest?: boolean;
    }
  | { type: 'renewed'; account: string; isGranted: boolean; reason: string }
  /** It was let in again, as a slow check has found out. */
  | { type: 'admitted'; account: string }
  | { type: 'rest'; account: string; class: string; endpoint: string; outcome: RestOutcome }
  | { type: 'look' };

/** Why somebody else carries the data now. */
export type SwitchCause =
  | 'feed_lost' | 'auth' | 'suspended' | 'broker_down' | 'recovered' | 'by_hand' | 'accounts';

/** A change of who carries the data. */
export interface SwitchRecord {
  from: readonly string[];
  to: readonly string[];
  cause: SwitchCause;
  /** 2: another account, 3: another broker; 0: no fault. */
  level: 0 | 2 | 3;
  /** The account that it is about; null when it is about none. */
  account: string | null;
  reason: string;
  /** When the fault began. */
  faultMono: number;
}

/** What is to be done. */
export type SupervisorEffect =
  | { type: 'roles'; carriers: readonly string[]; reserve: readonly string[] }
  /** Who is asked over REST may be others now. */
  | { type: 'rest' }
  | { type: 'switched'; record: SwitchRecord }
  | { type: 'renew'; account: string }
  | { type: 'parked'; account: string; reason: string }
  | { type: 'degraded'; isDegraded: boolean }
  | { type: 'wake'; atMono: number };

/** Times of the rules, ms. */
export interface SupervisorTimes {
  /** Without a live socket for this long an account is lost. */
  darkMs: number;
  /** The same when it was silent for a while before: its standby socket has had a try by then. */
  muteMs: number;
  /** A class of requests that was throttled is asked of others for this long. */
  divertMs: number;
  /** Nothing may have spoken against an account for this long before it carries again. */
  returnMs: number;
  /** Between a switch and the return of an account: nobody goes to and fro. */
  dwellMs: number;
  /** A token is had anew no more often than this. */
  renewMs: number;
  /** Failures of a broker's API count together within this time. */
  failureWindowMs: number;
  /** A broker that is down is asked again after this, then after twice as long, up to the most. */
  probeMs: number;
  probeMostMs: number;
}

export const supervisorTimes: SupervisorTimes = {
  darkMs: 5_000,
  muteMs: 1_500,
  divertMs: 15 * 60_000,
  returnMs: 30_000,
  dwellMs: 60_000,
  renewMs: 3_600_000,
  failureWindowMs: 30_000,
  probeMs: 30_000,
  probeMostMs: 300_000,
};

/** Nobody is known yet. */
export const emptySupervisor: SupervisorState = {
  accounts: [],
  brokers: new Map(),
  forced: null,
  drained: new Set(),
  carriers: [],
  reserve: [],
  switchedMono: -Infinity,
  isDegraded: false,
};
