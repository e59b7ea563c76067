/** What the controllers are given, by name. */
export const TRADING_HOURS = Symbol('TradingHours');
export const SESSION_DESK = Symbol('SessionDesk');
export const HALT_DESK = Symbol('HaltDesk');
export const WAKE_UP = Symbol('WakeUp');
