import type { Clock, Random } from '@strikewire/runtime';
import { corruptions, type Corruption } from './corrupt';
import { parseFault, type Fault, type FaultKind } from './fault';

type FaultOf<K extends FaultKind> = Extract<Fault, { kind: K }>;

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

/** The faults in force, asked by whoever could commit one. */
export interface FaultBook {
  /** Takes a fault as data and returns its id. @throws StrikewireError `invalid`. */
  add(fault: Fault): number;
  /** Ends all faults and undoes what lasts. */
  clear(): void;
  list(): readonly ActiveFault[];
  handshakeStatus(): number | undefined;
  restError(path: string): FaultOf<'restError'> | undefined;
  isChainEmpty(underlying: string, expiry: string): boolean;
  isLtpOmitted(underlying: string): boolean;
  /** Days by which the master lies about an underlying's expiries. */
  masterShiftDays(underlying: string): number;
  delayMs(): number;
  corruption(): { shape: Corruption; replace: boolean } | undefined;
  /** Called once by whoever carries the immediate effects out. */
  onEffects(effects: FaultEffects): void;
}

/** These happen once and are over; they are not kept. */
const instantKinds: readonly FaultKind[] = ['dropSocket'];
const faultsMax = 1_000;

interface Kept extends ActiveFault {
  endsAtMs: number;
}

export function createFaultBook(clock: Clock, random: Random): FaultBook {
  let kept: Kept[] = [];
  let nextId = 1;
  let effects: FaultEffects = { added() {}, cleared() {} };

  /** Uses up one of the first fault of a kind that fits. */
  const use = <K extends FaultKind>(
    kind: K,
    fits: (fault: FaultOf<K>) => boolean = () => true,
  ): FaultOf<K> | undefined => {
    if (kept.length === 0) return undefined;
    const now = clock.monoMs();
    kept = kept.filter(({ endsAtMs }) => endsAtMs > now);
    const found = kept.find(({ fault }) => fault.kind === kind && fits(fault as FaultOf<K>));
    if (!found) return undefined;
    found.used++;
    const { count } = found.fault as { count?: number };
    if (count !== undefined && found.used >= count) kept = kept.filter((one) => one !== found);
    return found.fault as FaultOf<K>;
  };
  const isOf = (underlying: string) => (fault: { underlying?: string }) =>
    fault.underlying === undefined || fault.underlying === underlying;
  return {
    add(given) {
      const fault = parseFault(given);
      const { forMs = Infinity } = fault as { forMs?: number };
      const id = nextId++;
      if (!instantKinds.includes(fault.kind)) {
        const entry = { id, fault, used: 0, endsAtMs: clock.monoMs() + forMs };
        kept = [...kept.slice(1 - faultsMax), entry];
      }
      effects.added(fault);
      return id;
    },
    clear() {
      kept = [];
      effects.cleared();
    },
    list: () => kept.filter(({ endsAtMs }) => endsAtMs > clock.monoMs())
      .map(({ id, fault, used }) => ({ id, fault, used })),
    handshakeStatus: () => use('handshakeStatus')?.status,
    restError: (path) => use('restError', (fault) => fault.path === '*' || fault.path === path),
    isChainEmpty: (underlying, expiry) =>
      use('emptyChain', (one) => isOf(underlying)(one) && one.expiry === expiry) !== undefined,
    isLtpOmitted: (underlying) => use('omitLtp', isOf(underlying)) !== undefined,
    masterShiftDays: (underlying) => use('falseMasterExpiries', isOf(underlying))?.shiftDays ?? 0,
    delayMs: () => use('delayPackets')?.delayMs ?? 0,
    corruption() {
      const fault = use('corruptFrames', ({ probability }) => random.next() < probability);
      if (!fault) return undefined;
      const shapes = fault.shapes?.length ? fault.shapes : corruptions;
      const shape = shapes[Math.floor(random.next() * shapes.length)] ?? 'truncated';
      return { shape, replace: fault.replace ?? false };
    },
    onEffects: (given) => void (effects = given),
  };
}
