import { StrikewireError } from '@strikewire/runtime';
import {
  date, flag, forMs, isDate, isListOf, isOneOf, isWhole, lasting, probability, span, status, text,
  type Check, type Fields,
} from './checks';
import { corruptions, type Corruption } from './corrupt';
import { orderFaultShapes, type OrderFault } from './order-fault';

/** How long a fault stays: until `count` uses, for `forMs` milliseconds, or until it is cleared. */
interface Lasting {
  count?: number;
  forMs?: number;
}

/** A share of frames, 0 to 1. */
interface Drawn extends Lasting {
  probability: number;
}

/** At which connections; a number is the nth oldest of the feed. */
interface Aimed {
  socket: 'all' | 'depth' | 'orders' | number;
}

/** What can be made to go wrong, and at which face: the first one when it names none. */
export type Fault = { broker?: string } & (FaultDetail | OrderFault);

/** Paths of `restError` are written without the prefix that all paths of the face have. */
type FaultDetail =
  | ({
      kind: 'dropSocket';
      /** The broker's own code before the close, where it has such; or a close code. */
      disconnectCode?: number;
      closeCode?: number;
    } & Aimed)
  | ({ kind: 'muteSocket'; stopPings?: boolean; forMs?: number } & Aimed)
  /** Bytes are taken and none sent, pings unanswered; in the end the connection breaks. */
  | ({ kind: 'halfOpen'; forMs?: number } & Aimed)
  | ({ kind: 'delayPackets'; delayMs: number } & Lasting)
  /** Others overtake them. */
  | ({ kind: 'latePackets'; lateMs: number } & Drawn)
  | ({ kind: 'duplicatePackets' } & Drawn)
  /** A frame comes after the one behind it. */
  | ({ kind: 'outOfOrderPackets' } & Drawn)
  /** A frame comes in two messages. */
  | ({ kind: 'tornFrames' } & Drawn)
  /** Every time that the broker tells is off by this; ahead when positive. */
  | { kind: 'clockSkew'; skewMs: number; forMs?: number }
  | { kind: 'suspendAccount'; clientId?: string; forMs?: number }
  /** Everything is down: connections break, and nothing answers but an error, or nothing at all. */
  | { kind: 'outage'; answer?: 'status' | 'hang'; status?: number; forMs?: number }
  | ({ kind: 'handshakeStatus'; status: number } & Lasting)
  | ({
      kind: 'restError';
      /** For example `optionchain/expirylist` or `marketfeed/ltp`; `*` for every path. */
      path: string;
      answer: 'status' | 'html' | 'empty' | 'hang';
      /** HTTP status; 502 when not given (200 for `empty`). */
      status?: number;
    } & Lasting)
  /** Now, or in so many milliseconds; a new token lives. */
  | { kind: 'expireToken'; clientId?: string; inMs?: number }
  | ({
      kind: 'corruptFrames';
      shapes?: Corruption[];
      /** True: the good frame is lost. False: it follows the spoilt copy. */
      replace?: boolean;
    } & Drawn)
  | ({ kind: 'emptyChain'; underlying: string; expiry: string } & Lasting)
  | ({ kind: 'omitLtp'; underlying: string } & Lasting)
  | { kind: 'falseMasterExpiries'; shiftDays: number; underlying?: string; forMs?: number }
  | { kind: 'oddExpiries'; underlying: string; expiries: string[] };

/** The name of each fault. */
export type FaultKind = Fault['kind'];

const isAim = (value: unknown): boolean =>
  isOneOf('all', 'depth', 'orders')(value) || isWhole(1, 1_000)(value);
const aim: Check = ['"all", "depth", "orders" or a number from 1 on', isAim];
/** 1004 to 1006 and 1015 stand for what no close frame says. */
const isCloseCode = (value: unknown): boolean =>
  isWhole(1_000, 1_003)(value) || isWhole(1_007, 1_014)(value) || isWhole(3_000, 4_999)(value);

const shapes: Readonly<Record<FaultKind, { required: Fields; optional: Fields }>> = {
  ...orderFaultShapes,
  dropSocket: {
    required: { socket: aim },
    optional: {
      disconnectCode: ['a code from 800 to 899', isWhole(800, 899)],
      closeCode: ['a close code from 1000 to 4999 that may be sent', isCloseCode],
    },
  },
  muteSocket: { required: { socket: aim }, optional: { stopPings: flag, forMs } },
  halfOpen: { required: { socket: aim }, optional: { forMs } },
  delayPackets: {
    required: { delayMs: span },
    optional: lasting,
  },
  latePackets: { required: { lateMs: span, probability }, optional: lasting },
  duplicatePackets: { required: { probability }, optional: lasting },
  outOfOrderPackets: { required: { probability }, optional: lasting },
  tornFrames: { required: { probability }, optional: lasting },
  clockSkew: {
    required: {
      skewMs: ['milliseconds from -86400000 to 86400000', isWhole(-86_400_000, 86_400_000)],
    },
    optional: { forMs },
  },
  suspendAccount: { required: {}, optional: { clientId: text, forMs } },
  outage: {
    required: {},
    optional: {
      answer: ['one of status, hang', isOneOf('status', 'hang')],
      status: ['an HTTP status from 500 to 599', isWhole(500, 599)],
      forMs,
    },
  },
  handshakeStatus: { required: { status }, optional: lasting },
  restError: {
    required: {
      path: text,
      answer: ['one of status, html, empty, hang', isOneOf('status', 'html', 'empty', 'hang')],
    },
    optional: { ...lasting, status },
  },
  expireToken: { required: {}, optional: { clientId: text, inMs: forMs } },
  corruptFrames: {
    required: { probability },
    optional: {
      ...lasting,
      replace: flag,
      shapes: [`a list of ${corruptions.join(', ')}`, isListOf(isOneOf(...corruptions))],
    },
  },
  emptyChain: { required: { underlying: text, expiry: date }, optional: lasting },
  omitLtp: { required: { underlying: text }, optional: lasting },
  falseMasterExpiries: {
    required: { shiftDays: ['whole days from -400 to 400', isWhole(-400, 400)] },
    optional: { forMs, underlying: text },
  },
  oddExpiries: {
    required: { underlying: text, expiries: ['a list of dates YYYY-MM-DD', isListOf(isDate)] },
    optional: {},
  },
};

/**
 * `faces`: those that it may name.
 * @throws StrikewireError `invalid` that names the field and what it needs to be.
 */
export function parseFault(value: unknown, faces: readonly string[]): Fault {
  if (typeof value !== 'object' || value === null) throw invalid('body', 'an object', value);
  const given = value as Record<string, unknown>;
  const kind = given['kind'];
  if (typeof kind !== 'string' || !Object.hasOwn(shapes, kind)) {
    throw invalid('kind', `one of ${Object.keys(shapes).join(', ')}`, kind);
  }
  const { required, optional: own } = shapes[kind as FaultKind];
  const optional = { ...own, broker: [`one of ${faces.join(', ')}`, isOneOf(...faces)] as const };
  for (const [field, [needed, isRight]] of Object.entries(required)) {
    if (!isRight(given[field])) throw invalid(field, needed, given[field]);
  }
  for (const field of Object.keys(given)) {
    if (field === 'kind' || Object.hasOwn(required, field)) continue;
    const check = Object.hasOwn(optional, field) ? (optional as Fields)[field] : undefined;
    if (!check) throw invalid(field, `left out of ${kind}`, given[field]);
    if (!check[1](given[field])) throw invalid(field, check[0], given[field]);
  }
  return given as Fault;
}

function invalid(field: string, needed: string, found: unknown): StrikewireError {
  const shown = found === undefined ? 'missing' : JSON.stringify(found).slice(0, 80);
  return new StrikewireError({
    kind: 'invalid',
    code: 'fault_invalid',
    message: `${field} was ${shown}, needs to be ${needed}`,
    details: { field, needed },
  });
}
