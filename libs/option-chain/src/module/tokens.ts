/** What the module's classes are given, by name. */
export const CHAIN_SERVICE = Symbol('ChainService');
export const STREAM_HUB = Symbol('StreamHub');
export const CHAIN_CLOCK = Symbol('Clock');
export const CHAIN_LOG = Symbol('Log');
export const GREEKS_HUB = Symbol('GreeksHub');
