import type { Clock, Random } from '@strikewire/runtime';
import { corruptions, type Corruption } from './corrupt';
import { parseFault, type Fault, type FaultKind } from './fault';
import { orderFaultsOf, type OrderFaults } from './order-faults';
import type { FaultOf, Use } from './use';

export interface ActiveFault {
  id: number;
  fault: Fault;
  /** Uses so far. */
  used: number;
}

/** What is done at once when a fault comes, or when all are cleared. */
export interface FaultEffects {
  added(fault: Fault): void;
  cleared(): void;
}

/** What the faults ask of a frame at the moment it is sent. */
export interface FrameFaults {
  delayMs(): number;
  /** How late a frame comes that others overtake; 0: in time. */
  lateMs(): number;
  /** A corruption to apply, or undefined. With `replace` the good frame is lost. */
  corruption(): { shape: Corruption; replace: boolean } | undefined;
  isTwice(): boolean;
  /** Whether it comes after the one behind it. */
  isOutOfOrder(): boolean;
  isTorn(): boolean;
}

/** The faults in force at one face, asked by whoever could commit one. */
export interface FaceFaults extends FrameFaults {
  handshakeStatus(): number | undefined;
  restError(path: string): FaultOf<'restError'> | undefined;
  isChainEmpty(underlying: string, expiry: string): boolean;
  isLtpOmitted(underlying: string): boolean;
  /** Days by which the master lies about an underlying's expiries. */
  masterShiftDays(underlying: string): number;
  isSuspended(clientId: string): boolean;
  outage(): FaultOf<'outage'> | undefined;
  /** How far the broker's clock is ahead of the true time. */
  skewMs(): number;
  readonly orders: OrderFaults;
}

export interface FaultBook {
  /** Takes a fault as data and returns its id. @throws StrikewireError `invalid`. */
  add(fault: Fault): number;
  /** Ends all faults and undoes what lasts. */
  clear(): void;
  list(): readonly ActiveFault[];
  /** Those of one face; a fault that names none is the first face's. */
  of(face: string): FaceFaults;
  /** Called once by whoever carries the immediate effects out. */
  onEffects(effects: FaultEffects): void;
}

/** These happen once and are over; they are not kept. */
const instantKinds: readonly FaultKind[] = ['dropSocket'];
const faultsMax = 1_000;

interface Kept extends ActiveFault {
  endsAtMs: number;
}

/** `faces`: names of those that a fault may be aimed at. */
export function createFaultBook(
  clock: Clock,
  random: Random,
  faces: readonly string[],
): FaultBook {
  let kept: Kept[] = [];
  let nextId = 1;
  let effects: FaultEffects = { added() {}, cleared() {} };
  const useOf = (face: string): Use => (kind, fits = () => true) => {
    // Asked for every frame: nothing is made anew while nothing is found.
    for (const one of kept) {
      const { fault } = one;
      if (fault.kind !== kind || (fault.broker ?? faces[0]) !== face) continue;
      const found = fault as FaultOf<typeof kind>;
      if (one.endsAtMs <= clock.monoMs() || !fits(found)) continue;
      one.used++;
      const { count } = fault as { count?: number };
      if (count !== undefined && one.used >= count) kept = kept.filter((other) => other !== one);
      return found;
    }
    return undefined;
  };
  const running = (): Kept[] => kept.filter(({ endsAtMs }) => endsAtMs > clock.monoMs());
  return {
    add(given) {
      const fault = parseFault(given, faces);
      const { forMs = Infinity } = fault as { forMs?: number };
      const id = nextId++;
      if (!instantKinds.includes(fault.kind)) {
        const entry = { id, fault, used: 0, endsAtMs: clock.monoMs() + forMs };
        kept = [...running().slice(1 - faultsMax), entry];
      }
      effects.added(fault);
      return id;
    },
    clear() {
      kept = [];
      effects.cleared();
    },
    list: () => running().map(({ id, fault, used }) => ({ id, fault, used })),
    of: (face) => faultsOf(useOf(face), random),
    onEffects: (given) => void (effects = given),
  };
}

function faultsOf(use: Use, random: Random): FaceFaults {
  const isOf = (underlying: string) => (fault: { underlying?: string }) =>
    fault.underlying === undefined || fault.underlying === underlying;
  const isDrawn = ({ probability }: { probability: number }): boolean =>
    random.next() < probability;
  return {
    handshakeStatus: () => use('handshakeStatus')?.status,
    restError: (path) => use('restError', (fault) => fault.path === '*' || fault.path === path),
    isChainEmpty: (underlying, expiry) =>
      use('emptyChain', (one) => isOf(underlying)(one) && one.expiry === expiry) !== undefined,
    isLtpOmitted: (underlying) => use('omitLtp', isOf(underlying)) !== undefined,
    masterShiftDays: (underlying) => use('falseMasterExpiries', isOf(underlying))?.shiftDays ?? 0,
    isSuspended: (clientId) => use('suspendAccount', (fault) =>
      fault.clientId === undefined || fault.clientId === clientId) !== undefined,
    outage: () => use('outage'),
    skewMs: () => use('clockSkew')?.skewMs ?? 0,
    delayMs: () => use('delayPackets')?.delayMs ?? 0,
    lateMs: () => use('latePackets', isDrawn)?.lateMs ?? 0,
    isTwice: () => use('duplicatePackets', isDrawn) !== undefined,
    isOutOfOrder: () => use('outOfOrderPackets', isDrawn) !== undefined,
    isTorn: () => use('tornFrames', isDrawn) !== undefined,
    orders: orderFaultsOf(use, random),
    corruption() {
      const fault = use('corruptFrames', isDrawn);
      if (!fault) return undefined;
      const shapes = fault.shapes?.length ? fault.shapes : corruptions;
      const shape = shapes[Math.floor(random.next() * shapes.length)] ?? 'truncated';
      return { shape, replace: fault.replace ?? false };
    },
  };
}
