import type { Fault, FaultKind } from './fault';

export type FaultOf<K extends FaultKind> = Extract<Fault, { kind: K }>;

/** Uses up one of the first fault of a kind that fits. */
export type Use = <K extends FaultKind>(
  kind: K,
  fits?: (fault: FaultOf<K>) => boolean,
) => FaultOf<K> | undefined;
