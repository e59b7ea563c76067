/** What the controllers are given, by name. */
export const ACCOUNTS = Symbol('Accounts');
export const FAILOVER_DESK = Symbol('FailoverDesk');
export const SIGN_INS = Symbol('SignIns');
export const CONSOLE_ADDRESS = Symbol('ConsoleAddress');
