/** What the module's classes are given, by name. */
export const CHAIN_SERVICE = Symbol('ChainService');
export const SESSION_SOURCES = Symbol('SessionSources');
export const SEAT_LIMITS = Symbol('SeatLimits');
export const CONTRACT_TERMS = Symbol('ContractTermsDesk');
export const CHAIN_CLOCK = Symbol('Clock');
export const CHAIN_LOG = Symbol('Log');
export const GREEKS_HUB = Symbol('GreeksHub');
export const UNIVERSE_RULES = Symbol('UniverseRules');
export const UNIVERSE_REPORT = Symbol('UniverseReport');
export const REFRESH_DESK = Symbol('RefreshDesk');
