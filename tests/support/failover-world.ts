import type { AnyBrokerPlugin } from '@strikewire/broker';
import { dhanBroker } from '@strikewire/broker-dhan';
import { openalgoBroker } from '@strikewire/broker-openalgo';
import { upstoxBroker } from '@strikewire/broker-upstox';
import type { Clock } from '@strikewire/runtime';
import {
  createMemoryNetwork,
  createVirtualClock,
  type MemoryNetwork,
  type VirtualClock,
} from '@strikewire/runtime/virtual';
import {
  accountsBeside,
  createSimulator,
  defaultAccount,
  defaultOpenalgoAccount,
  defaultUnderlyings,
  defaultUpstoxAccount,
  type FaceName,
  type Simulator,
} from '@strikewire/simulator';

/** Tuesday 2026-11-24, 10:00 in India. */
const startMs = Date.parse('2026-11-24T04:30:00Z');
/** What each account is called, and of which broker. */
export const accountNames = ['dhan 1', 'dhan 2', 'upstox', 'openalgo'] as const;
export type AccountName = (typeof accountNames)[number];
/** What derivatives are listed on. */
export const symbols = ['NIFTY', 'BANKNIFTY'];

const [firstDhan = defaultAccount, secondDhan = defaultAccount] = accountsBeside(defaultAccount, 2);
export const plugins: Record<FaceName, AnyBrokerPlugin> = {
  dhan: dhanBroker, upstox: upstoxBroker, openalgo: openalgoBroker,
};
/** The first one's token can be had anew without a person; the others wait for one. */
export const credentials: Record<AccountName, Readonly<Record<string, string>>> = {
  'dhan 1': {
    clientId: firstDhan.clientId,
    accessToken: firstDhan.token,
    ...(firstDhan.pin && { pin: firstDhan.pin }),
    ...(firstDhan.totpSecret && { totpSecret: firstDhan.totpSecret }),
  },
  'dhan 2': { clientId: secondDhan.clientId, accessToken: secondDhan.token },
  upstox: {
    clientId: defaultUpstoxAccount.apiKey, accessToken: defaultUpstoxAccount.token,
  },
  openalgo: { apiKey: defaultOpenalgoAccount.token },
};
export const endpoints: Record<FaceName, Readonly<Record<string, string>>> = {
  dhan: {
    rest: 'http://dhan.test/v2',
    feed: 'ws://dhan.test',
    auth: 'http://dhan.test',
    master: 'http://dhan.test/api-data/api-scrip-master-detailed.csv',
  },
  upstox: {
    rest: 'http://upstox.test',
    instruments: 'http://upstox.test/market-quote/instruments/exchange',
  },
  openalgo: { rest: 'http://openalgo.test', feed: 'ws://openalgo.test' },
};

/** By what each broker knows the account. */
export const clientIds: Record<AccountName, string> = {
  'dhan 1': firstDhan.clientId,
  'dhan 2': secondDhan.clientId,
  upstox: defaultUpstoxAccount.clientId,
  openalgo: defaultOpenalgoAccount.clientId,
};

/** Which broker an account is of. */
export function faceOf(name: AccountName): FaceName {
  return name.split(' ')[0] as FaceName;
}

/** The exchange's own: it does not jump when ours does. */
function exchangeClock(clock: VirtualClock): Clock {
  const wallMs = (): number => startMs + clock.monoMs();
  return {
    ...clock,
    wallMs,
    at: (atMs, fn) => clock.after(Math.max(0, atMs - wallMs()), fn),
  };
}

/** The simulated market and its brokers, in virtual time; the same at the start of every run. */
export interface World {
  clock: VirtualClock;
  network: MemoryNetwork;
  simulator: Simulator;
}

/** The market moves so often: a socket that tells nothing of a move is not silent for 3 s yet. */
export const defaultSliceMs = 2_500;

/** `sliceMs`: what a contract did in so long is told at once. */
export function openWorld(sliceMs = defaultSliceMs): World {
  const clock = createVirtualClock(startMs);
  const network = createMemoryNetwork({ clock, latencyMs: 5 });
  const simulator = createSimulator({
    clock: exchangeClock(clock),
    seed: 7,
    underlyings: defaultUnderlyings.filter(({ symbol }) => symbols.includes(symbol)),
    sessions: { kind: 'always' },
    holidays: [],
    accounts: [firstDhan, secondDhan],
    rates: { ticksPerSecond: 7, contractTicksPerSecondMax: 10, sliceMs },
    // Nothing here looks at Greeks, and to find them takes a twelfth of a run.
    upstox: { greeksMs: 300_000 },
  });
  for (const face of ['dhan', 'upstox', 'openalgo'] as const) {
    network.host(`${face}.test`, simulator.sites[face]);
  }
  return { clock, network, simulator };
}
