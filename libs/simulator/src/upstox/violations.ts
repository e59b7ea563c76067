/** Rules of Upstox that a client can breach. */
export const upstoxViolationKinds = [
  'upstox_rate',
  'upstox_order_rate',
  'upstox_request_keys',
  'upstox_connections',
  'upstox_feed_keys',
  'upstox_auth_loop',
] as const;

/** The name of each rule. */
export type UpstoxViolationKind = (typeof upstoxViolationKinds)[number];
