/** Rules of OpenAlgo that a client can breach. */
export const openalgoViolationKinds = [
  'openalgo_rate',
  'openalgo_order_rate',
  'openalgo_symbols',
  'openalgo_auth_loop',
] as const;

/** The name of each rule. */
export type OpenalgoViolationKind = (typeof openalgoViolationKinds)[number];
