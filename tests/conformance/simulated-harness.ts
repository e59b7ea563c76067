import type { AnyBrokerPlugin, InstrumentToken } from '@strikewire/broker';
import type {
  ConformanceFault,
  ConformanceHarness,
  ConformanceOrders,
  ConformanceTruth,
  TrueLeg,
  TrueQuote,
} from '@strikewire/broker/conformance';
import { createRateBudget } from '@strikewire/broker/engine';
import { paiseOf, type Exchange, type FutureRef, type OptionRef } from '@strikewire/contracts';
import { createSeededRandom, silentLog, type Http } from '@strikewire/runtime';
import { createMemoryNetwork, createVirtualClock } from '@strikewire/runtime/virtual';
import {
  createSimulator,
  defaultUnderlyings,
  type AccountSeed,
  type FaceName,
  type Fault,
  type Simulator,
  type TrueContract,
  type TrueOrders,
} from '@strikewire/simulator';

/** Tuesday 2026-11-24, 10:00 in India. */
const startMs = Date.parse('2026-11-24T04:30:00Z');
/** A few of every kind, with unusual names among them. */
const symbols = ['NIFTY', 'SENSEX', 'RELIANCE', 'M&M', 'BAJAJ-AUTO', '360ONE', 'CRUDEOIL'];
const underlyings = defaultUnderlyings.filter(({ symbol }) => symbols.includes(symbol));

/** A contract's id, and the segment that it is one of, in the simulator's words. */
type ContractId = Pick<TrueContract, 'segment' | 'securityId'>;

/** A plugin, the simulated face of its broker, and what of the face only its tests know. */
export interface SimulatedBroker {
  plugin: AnyBrokerPlugin;
  face: FaceName;
  endpoints: Readonly<Record<string, string>>;
  credentials: Readonly<Record<string, string>>;
  wrongCredentials: Readonly<Record<string, string>>;
  /** Where the broker tells whether data are paid for. */
  credentialsWithoutData?: Readonly<Record<string, string>>;
  /** The broker's id of an option or a future. */
  tokenOf(contract: OptionRef | FutureRef, truth: ContractId): InstrumentToken;
  /** Dhan's, where more than its first is needed. */
  accounts?: readonly AccountSeed[];
  /** Signing in at its page. */
  redirectUri?: string;
  /** The face's name of the account; without it there is no order side. */
  account?: string;
}

/** Where a face is: some name themselves in their answers. */
export function hostOf(face: FaceName): string {
  return `${face}.test`;
}

/** The simulated market in virtual time, with a face for the plugin. */
export function createSimulatedHarness(broker: SimulatedBroker): ConformanceHarness {
  const { plugin, face } = broker;
  const clock = createVirtualClock(startMs);
  const simulator = createSimulator({
    clock, seed: 11, underlyings, sessions: { kind: 'always' }, holidays: [],
    rates: { ticksPerSecond: 400, contractTicksPerSecondMax: 10, sliceMs: 50 },
    ...(broker.accounts && { accounts: broker.accounts }),
  });
  const network = createMemoryNetwork({ clock, latencyMs: 5 });
  network.host(hostOf(face), simulator.sites[face]);
  const { redirectUri, account, credentialsWithoutData } = broker;
  return {
    deps: {
      clock, random: createSeededRandom(12), http: network.http, log: silentLog,
      gate: createRateBudget(clock, plugin.limits.rest),
    },
    openSocket: network.openSocket,
    credentials: broker.credentials,
    wrongCredentials: broker.wrongCredentials,
    ...(credentialsWithoutData && { credentialsWithoutData }),
    tokenEndMs: (credentials) => tokenEndOf(simulator, face, Object.values(credentials)),
    endpoints: broker.endpoints,
    advance: (ms) => clock.advance(ms),
    pause: (isPaused) => simulator.pause(isPaused),
    faults: [
      'drop', 'mute', 'refuse', 'expiredToken', 'suspended', 'status', 'html', 'empty', 'hang',
      'corrupt', 'torn', 'duplicate', 'late', 'listExpiries',
      'unanswered', 'cutAnswers', 'unreachable', 'strangeStatus', 'absurdMargin',
    ],
    inject: (fault) => {
      for (const one of faultsOf(fault)) simulator.faults.add({ ...one, broker: face });
    },
    clear: () => simulator.faults.clear(),
    truth: () => truthOf(simulator, broker),
    violations: () => simulator.violations().total,
    ...(redirectUri && {
      signIn: { redirectUri, visit: (url) => visitPage(network.http, url) },
    }),
    ...(account !== undefined && { orders: ordersOf(simulator, account, face) }),
  };
}

/** The faults of the kit in the simulator's words. */
function faultsOf(fault: ConformanceFault): Fault[] {
  switch (fault.kind) {
    case 'unanswered':
      return changing.map((on) => ({ kind: 'orderAnswer', when: 'after', answer: 'hang', on }));
    case 'cutAnswers':
      return changing.map((on) => ({ kind: 'orderAnswer', when: 'after', answer: 'torn', on }));
    case 'unreachable':
      return [{ kind: 'orderAnswer', when: 'before', answer: 'drop', on: 'any' }];
    case 'strangeStatus':
      return [{ kind: 'strangeStatus', in: 'both' }];
    case 'absurdMargin':
      return [{ kind: 'marginShape', shape: 'sentinel' }];
    default:
      return [faultOf(fault)];
  }
}

const changing = ['place', 'modify', 'cancel'] as const;

type OrderFaultKind =
  'unanswered' | 'cutAnswers' | 'unreachable' | 'strangeStatus' | 'absurdMargin';

function faultOf(fault: Exclude<ConformanceFault, { kind: OrderFaultKind }>): Fault {
  switch (fault.kind) {
    case 'drop':
      return { kind: 'dropSocket', socket: 'all' };
    case 'mute':
      return { kind: 'muteSocket', socket: 'all', stopPings: true };
    case 'refuse':
      return { kind: 'handshakeStatus', status: fault.status };
    case 'expiredToken':
      return { kind: 'expireToken' };
    case 'suspended':
      return { kind: 'suspendAccount' };
    case 'status':
      return { kind: 'restError', path: '*', answer: 'status', status: fault.status };
    case 'html':
    case 'empty':
    case 'hang':
      return { kind: 'restError', path: '*', answer: fault.kind };
    case 'corrupt':
      return { kind: 'corruptFrames', probability: 0.3, replace: false };
    case 'torn':
      return { kind: 'tornFrames', probability: 0.3 };
    case 'duplicate':
      return { kind: 'duplicatePackets', probability: 0.5 };
    case 'late':
      return { kind: 'latePackets', probability: 0.2, lateMs: 400 };
    case 'listExpiries': {
      const { underlying: { symbol }, expiries } = fault;
      return { kind: 'oddExpiries', underlying: symbol, expiries: [...expiries] };
    }
  }
}

/** The account's orders as they are, whatever the face tells of them. */
function ordersOf(simulator: Simulator, account: string, broker: FaceName): ConformanceOrders {
  const truth = (): TrueOrders => simulator.orders.truth({ account, broker });
  return {
    book: () => truth().orders.map((one) => ({
      brokerOrderId: one.orderId,
      clientOrderId: one.clientOrderId || null,
      side: one.side,
      status: statuses[one.state],
      quantity: one.quantity,
      filledQuantity: one.filled,
      limitPaise: paiseOf(one.price) || null,
      triggerPaise: paiseOf(one.trigger) || null,
    })),
    fills: () => truth().trades.map(({ orderId, quantity, price }) =>
      ({ brokerOrderId: orderId, quantity, pricePaise: paiseOf(price) })),
    availablePaise: () => paiseOf(truth().funds.available),
  };
}

const statuses = {
  transit: 'pending', open: 'open', waiting: 'open', filled: 'filled', cancelled: 'cancelled',
  rejected: 'rejected', expired: 'expired',
} as const;

/** The page sends whoever has signed in back at once. */
async function visitPage(http: Http, url: string): Promise<URLSearchParams> {
  const page = await http.send({ method: 'GET', url, timeoutMs: 5_000, bytesMax: 10_000 });
  return new URL(page.headers['location'] ?? '').searchParams;
}

/** Of the account that has one of these; null where keys live until there is another one. */
function tokenEndOf(
  simulator: Simulator,
  face: FaceName,
  tokens: readonly string[],
): number | null {
  const all: readonly { token?: string; tokenExpiresAt?: number }[] =
    simulator.accountsOf[face].list();
  const found = all.find(({ token }) => token !== undefined && tokens.includes(token));
  if (!found) throw new Error('no account has such a token');
  return found.tokenExpiresAt ?? null;
}

/** Where futures are listed, in the simulator's words. */
const futureSegments = { NSE: 'NSE_FNO', BSE: 'BSE_FNO', MCX: 'MCX_COMM' } as const;

function truthOf({ truth, market }: Simulator, { tokenOf }: SimulatedBroker): ConformanceTruth {
  return {
    futures: ({ exchange, symbol }) => market.futures()
      .filter((one) => one.underlying.symbol === symbol && one.expiry >= market.today())
      .map(({ expiry, id }) => ({
        expiry,
        token: tokenOf({ exchange, symbol, expiry }, {
          segment: futureSegments[exchange], securityId: id,
        }),
      })),
    underlyings: () => truth.underlyings().flatMap((one) => {
      const spot = truth.contract(one.segment, one.securityId);
      if (!spot) return [];
      const exchange = one.exchange as Exchange;
      return [{ ...one, exchange, lotSize: one.lot, spot: quoteOf(spot) }];
    }),
    chain: ({ exchange, symbol }, expiry) =>
      truth.chain(symbol, expiry)?.strikes.map(({ strike, CE, PE }) => {
        const strikePaise = paiseOf(strike);
        const leg = (type: 'CE' | 'PE', contract: TrueContract): TrueLeg => ({
          ...quoteOf(contract),
          token: tokenOf({ exchange, symbol, expiry, strikePaise, type }, contract),
        });
        return { strikePaise, CE: leg('CE', CE), PE: leg('PE', PE) };
      }),
  };
}

function quoteOf(contract: TrueContract): TrueQuote {
  const level = (one: Pick<TrueContract, 'bid' | 'bidQty' | 'ask' | 'askQty'>) => ({
    bidPaise: paiseOf(one.bid), bidQty: one.bidQty,
    askPaise: paiseOf(one.ask), askQty: one.askQty,
  });
  return {
    ...level(contract),
    ltpPaise: paiseOf(contract.ltp),
    openPaise: paiseOf(contract.open),
    highPaise: paiseOf(contract.high),
    lowPaise: paiseOf(contract.low),
    closePaise: paiseOf(contract.close),
    volume: contract.volume,
    oi: contract.oi,
    previousOi: contract.previousOi,
    tradeMs: contract.tradeTime,
    depth: contract.depth.map(level),
  };
}
