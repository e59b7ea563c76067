import { isIsoDate } from '@strikewire/contracts';
import { StrikewireError } from '@strikewire/runtime';
import { corruptions, type Corruption } from './corrupt';

/** How long a fault stays: until `count` uses, for `forMs` milliseconds, or until it is cleared. */
interface Lasting {
  count?: number;
  forMs?: number;
}

/** What can be made to go wrong. Paths of `restError` are written without `/v2/`. */
export type Fault =
  | { kind: 'dropSocket'; socket: 'all' | number; disconnectCode?: number }
  | { kind: 'muteSocket'; socket: 'all' | number; stopPings?: boolean; forMs?: number }
  | ({ kind: 'delayPackets'; delayMs: number } & Lasting)
  | ({ kind: 'handshakeStatus'; status: number } & Lasting)
  | ({
      kind: 'restError';
      /** For example `optionchain/expirylist` or `marketfeed/ltp`; `*` for every path. */
      path: string;
      answer: 'status' | 'html' | 'empty' | 'hang';
      /** HTTP status; 502 when not given (200 for `empty`). */
      status?: number;
    } & Lasting)
  | { kind: 'expireToken'; clientId?: string }
  | ({
      kind: 'corruptFrames';
      /** Share of frames, 0 to 1. */
      probability: number;
      shapes?: Corruption[];
      /** True: the good frame is lost. False: it follows the spoilt copy. */
      replace?: boolean;
    } & Lasting)
  | ({ kind: 'emptyChain'; underlying: string; expiry: string } & Lasting)
  | ({ kind: 'omitLtp'; underlying: string } & Lasting)
  | { kind: 'falseMasterExpiries'; shiftDays: number; underlying?: string; forMs?: number }
  | { kind: 'oddExpiries'; underlying: string; expiries: string[] };

/** The name of each fault. */
export type FaultKind = Fault['kind'];

/** A check of one field: what it needs to be, in words, and whether it is. */
type Check = readonly [needed: string, isRight: (value: unknown) => boolean];

const isNumber = (least: number, most: number) => (value: unknown) =>
  typeof value === 'number' && value >= least && value <= most;
const isWhole = (least: number, most: number) => (value: unknown) =>
  Number.isInteger(value) && isNumber(least, most)(value);
const isText = (value: unknown): boolean => typeof value === 'string' && value.length > 0;
const isDate = (value: unknown): boolean => typeof value === 'string' && isIsoDate(value);
const isListOf = (isRight: (value: unknown) => boolean) => (value: unknown) =>
  Array.isArray(value) && value.length <= 100 && value.every(isRight);
const isOneOf = (...allowed: readonly unknown[]) => (value: unknown) => allowed.includes(value);

const text: Check = ['a text', isText];
const flag: Check = ['true or false', isOneOf(true, false)];
const date: Check = ['a date YYYY-MM-DD', isDate];
const isAim = (value: unknown): boolean => value === 'all' || isWhole(1, 1_000)(value);
const aim: Check = ['"all" or a number from 1 on', isAim];
const status: Check = ['an HTTP status from 200 to 599', isWhole(200, 599)];
const forMs: Check = ['milliseconds from 1 to 86400000', isWhole(1, 86_400_000)];
const count: Check = ['a number from 1 to 1000000', isWhole(1, 1_000_000)];
const lasting = { forMs, count };

type Fields = Readonly<Record<string, Check>>;

const shapes: Readonly<Record<FaultKind, { required: Fields; optional: Fields }>> = {
  dropSocket: {
    required: { socket: aim },
    optional: { disconnectCode: ['a code from 800 to 899', isWhole(800, 899)] },
  },
  muteSocket: { required: { socket: aim }, optional: { stopPings: flag, forMs } },
  delayPackets: {
    required: { delayMs: ['milliseconds from 1 to 600000', isNumber(1, 600_000)] },
    optional: lasting,
  },
  handshakeStatus: { required: { status }, optional: lasting },
  restError: {
    required: {
      path: text,
      answer: ['one of status, html, empty, hang', isOneOf('status', 'html', 'empty', 'hang')],
    },
    optional: { ...lasting, status },
  },
  expireToken: { required: {}, optional: { clientId: text } },
  corruptFrames: {
    required: { probability: ['a number from 0 to 1', isNumber(0, 1)] },
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

/** @throws StrikewireError `invalid` that names the field and what it needs to be. */
export function parseFault(value: unknown): Fault {
  if (typeof value !== 'object' || value === null) throw invalid('body', 'an object', value);
  const given = value as Record<string, unknown>;
  const kind = given['kind'];
  if (typeof kind !== 'string' || !Object.hasOwn(shapes, kind)) {
    throw invalid('kind', `one of ${Object.keys(shapes).join(', ')}`, kind);
  }
  const { required, optional } = shapes[kind as FaultKind];
  for (const [field, [needed, isRight]] of Object.entries(required)) {
    if (!isRight(given[field])) throw invalid(field, needed, given[field]);
  }
  for (const field of Object.keys(given)) {
    if (field === 'kind' || Object.hasOwn(required, field)) continue;
    const check = Object.hasOwn(optional, field) ? optional[field] : undefined;
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
