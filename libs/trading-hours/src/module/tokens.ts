/** What the controller is given, by name. */
export const TRADING_HOURS = Symbol('TradingHours');
