/** Rules of Dhan that a client can breach. */
export const violationKinds = [
  'quote_rate',
  'quote_instruments',
  'chain_rate',
  'expiry_list_rate',
  'data_rate',
  'data_day',
  'non_trading_rate',
  'order_second',
  'order_minute',
  'order_hour',
  'order_day',
  'order_modifications',
  'feed_sockets',
  'feed_instruments',
  'feed_message_instruments',
  'depth_sockets',
  'depth_instruments',
  'depth_segment',
  'auth_loop',
] as const;

/** The name of each rule. */
export type ViolationKind = (typeof violationKinds)[number];
