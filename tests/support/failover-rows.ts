import type { ChainState, FailoverEventRow } from '@strikewire/contracts';
import type { Carrier, FailoverStage, SimAccount } from './failover-stage';

/** One row of the table of failures: what goes wrong, and what has to become of it. */
export interface FailoverRow {
  name: string;
  /** Within this the first tick of the new source has to be with the client, ms; null: no limit. */
  limitMs: number | null;
  /** How the history may tell it; null: it is no matter of who carries. */
  told: { causes: readonly FailoverEventRow['cause'][]; levels: readonly number[] } | null;
  /** For how long all has to be well before, ms: what has just begun is judged otherwise. */
  ripeMs?: number;
  strike(stage: FailoverStage): Promise<void>;
  /** Whether a source carries that did not before, or others answer in the place of who did. */
  isBack(stage: FailoverStage, before: readonly Carrier[], sinceMs: number): Promise<boolean>;
  /** What else has to hold afterwards: what does not, in plain words. */
  doubts?(stage: FailoverStage): Promise<string[]>;
}

/** Without a live socket for this long an account counts as lost; the time to act begins then. */
const darkMs = 5_000;
/** A connection that has ticked for so long is known to be one that ticks. */
const tickingMs = 9_000;
/** The same chain may be asked for again after this. */
const chainRestMs = 3_200;
const label = 'Dhan';
const nextAccount = [2, 3];
const anyLevel = [1, 2, 3];

const first = async (stage: FailoverStage): Promise<SimAccount> => {
  const [account] = await stage.accounts();
  if (!account) throw new Error('the simulator has no account');
  return account;
};

/** A socket carries that did not, or was opened anew, and has ticked since. */
const isCarried = (isNew: (now: Carrier, before: readonly Carrier[]) => boolean) =>
  async (
    stage: FailoverStage,
    before: readonly Carrier[],
    sinceMs: number,
  ): Promise<boolean> => {
    const now = await stage.carriers();
    const atMs = performance.now();
    const hasTicked = ({ tickAgeMs }: Carrier): boolean =>
      tickAgeMs !== null && atMs - tickAgeMs > sinceMs;
    return now.some((one) => isNew(one, before) && hasTicked(one));
  };

const anySocket = isCarried((now, before) =>
  !before.some(({ name, reconnects }) => name === now.name && reconnects === now.reconnects));
const otherAccount = isCarried((now, before) =>
  !before.some(({ account }) => account === now.account));
const otherBroker = isCarried((now) => now.account === 'Other');

/** The sockets of the first account break, and no other comes to stand. */
async function darken(stage: FailoverStage): Promise<void> {
  const { clientId } = await first(stage);
  await stage.fault({ kind: 'handshakeStatus', status: 503 });
  const { sockets } = (await stage.platform.sim('status')) as { sockets: SimAccount[] };
  const places = sockets.flatMap((one, index) => (one.clientId === clientId ? [index + 1] : []));
  // From the youngest on: the numbers of those before it stay.
  for (const socket of places.reverse()) await stage.fault({ kind: 'dropSocket', socket });
}

async function contractsOf(stage: FailoverStage): Promise<string[]> {
  const held = (await stage.failover()).accounts.find((one) => one.label === label);
  return held?.contracts === 0 ? [] : [`${label} still has ${held?.contracts} contracts`];
}

async function restIsDiverted(stage: FailoverStage): Promise<boolean> {
  const { accounts } = await stage.failover();
  return accounts.some(({ diverted }) => diverted.length > 0);
}

/** The nearest chain of NIFTY. */
async function nearest(stage: FailoverStage): Promise<ChainState> {
  const { underlyings } = await stage.status();
  const chain = underlyings.find(({ symbol }) => symbol === 'NIFTY')?.chains[0];
  if (!chain) throw new Error('there is no chain of NIFTY');
  return chain;
}

/** Its figures are younger than that. */
async function isAnswered(stage: FailoverStage, sinceMs: number): Promise<boolean> {
  const { restAgeMs } = await nearest(stage);
  return restAgeMs !== null && performance.now() - restAgeMs > sinceMs;
}

const socketLost: FailoverRow = {
  name: 'socket lost: the standby socket of its account',
  limitMs: 1_000,
  told: { causes: ['socket_lost'], levels: [1] },
  strike: async (stage) => void (await stage.fault({ kind: 'dropSocket', socket: 1 })),
  isBack: anySocket,
};

const accountDark: FailoverRow = {
  name: 'no live socket for 5 s: the next account',
  limitMs: darkMs + 5_000,
  told: { causes: ['feed_lost'], levels: nextAccount },
  strike: darken,
  isBack: otherAccount,
  doubts: contractsOf,
};

const tokenExpired: FailoverRow = {
  name: 'token expired: the next account',
  limitMs: 5_000,
  told: { causes: ['auth'], levels: nextAccount },
  strike: async (stage) => {
    await stage.fault({ kind: 'expireToken', clientId: (await first(stage)).clientId });
  },
  isBack: otherAccount,
};

const accountSuspended: FailoverRow = {
  name: 'account suspended: the next account, for good',
  limitMs: 5_000,
  told: { causes: ['suspended'], levels: nextAccount },
  strike: async (stage) => {
    await stage.fault({ kind: 'suspendAccount', clientId: (await first(stage)).clientId });
  },
  isBack: otherAccount,
  doubts: async (stage) => {
    const held = (await stage.failover()).accounts.find((one) => one.label === label);
    const isOut = held?.standing === 'suspended' && held.contracts === 0;
    return isOut ? [] : [`${label} is ${held?.standing}`];
  },
};

const rateLimited: FailoverRow = {
  name: 'rate limit answered: the class to the next account',
  limitMs: 5_000,
  ripeMs: chainRestMs,
  told: null,
  strike: async (stage) => {
    const { expiry } = await nearest(stage);
    await stage.fault({
      kind: 'restError', path: 'optionchain', answer: 'status', status: 429, count: 1,
    });
    await stage.post('/api/optionchain/refresh', { underlying: 'NIFTY', expiry });
  },
  isBack: async (stage, _before, sinceMs) =>
    (await restIsDiverted(stage)) && (await isAnswered(stage, sinceMs)),
  doubts: async (stage) => {
    const { accounts, level } = await stage.failover();
    // Accounts of one broker are asked in turn: either of them may have been refused.
    const classes = accounts.flatMap(({ diverted }) => diverted.map((one) => one.class));
    const carriers = await stage.carriers();
    return [
      ...(classes.join() === 'chain' ? [] : [`diverted: ${classes.join()}`]),
      ...(level === 0 ? [] : [`level ${level}`]),
      ...carriers.flatMap(({ name, reconnects }) => (reconnects > 0 ? [`${name} was lost`] : [])),
    ];
  },
};

/** Its sockets break, and it answers nothing but errors, or nothing at all. */
const brokerDown = (answer: 'status' | 'hang'): FailoverRow => ({
  name: `broker API down (${answer}): the other broker`,
  limitMs: 10_000,
  told: { causes: ['feed_lost', 'broker_down'], levels: [3] },
  strike: async (stage) => {
    await stage.fault({ kind: 'outage', broker: 'dhan', answer });
  },
  isBack: otherBroker,
  doubts: contractsOf,
});

const silentSocket: FailoverRow = {
  name: 'silent while a peer ticks: the standby socket',
  limitMs: 10_000,
  ripeMs: tickingMs,
  told: { causes: ['socket_lost'], levels: [1] },
  strike: async (stage) => void (await stage.fault({ kind: 'muteSocket', socket: 1 })),
  isBack: anySocket,
};

const silentBroker: FailoverRow = {
  name: 'a whole broker silent while a peer ticks',
  limitMs: 10_000,
  ripeMs: tickingMs,
  told: { causes: ['socket_lost', 'feed_lost'], levels: anyLevel },
  strike: async (stage) => void (await stage.fault({ kind: 'muteSocket', socket: 'all' })),
  isBack: anySocket,
};

/** Whatever ticks falls silent; only sockets that stand by are well. */
async function hush(stage: FailoverStage): Promise<void> {
  const { sockets } = (await stage.platform.sim('status')) as {
    sockets: { instruments: number }[];
  };
  await stage.fault({ kind: 'muteSocket', socket: 'all', broker: 'upstox' });
  for (const [index, { instruments }] of sockets.entries()) {
    if (instruments > 0) await stage.fault({ kind: 'muteSocket', socket: index + 1 });
  }
}

const silentWithoutPeer: FailoverRow = {
  name: 'silent without a peer: the standby socket',
  limitMs: 10_000,
  ripeMs: tickingMs,
  told: { causes: ['socket_lost', 'feed_lost'], levels: anyLevel },
  strike: hush,
  isBack: anySocket,
};

const silentWithStandby: FailoverRow = {
  ...silentWithoutPeer,
  name: 'silent without a peer, the standby socket too',
  strike: async (stage) => {
    await stage.fault({ kind: 'muteSocket', socket: 'all', broker: 'upstox' });
    await stage.fault({ kind: 'muteSocket', socket: 'all' });
  },
};

const noByte: FailoverRow = {
  name: 'no byte any more',
  limitMs: 10_000,
  ripeMs: tickingMs,
  told: { causes: ['socket_lost', 'feed_lost'], levels: anyLevel },
  strike: async (stage) => void (await stage.fault({ kind: 'halfOpen', socket: 'all' })),
  isBack: anySocket,
};

/** Failures and their times, as the platform promises them. */
export const failoverRows: readonly FailoverRow[] = [
  socketLost, accountDark, tokenExpired, accountSuspended, rateLimited, brokerDown('status'),
  silentSocket, silentBroker, silentWithoutPeer, noByte,
];

/**
 * Other ways of the same, and what comes near the edge of its time: for a soak, not for a machine
 * that is busy.
 */
export const edgeRows: readonly FailoverRow[] = [brokerDown('hang'), silentWithStandby];
