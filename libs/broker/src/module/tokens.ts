/** What the controllers are given, by name. */
export const ACCOUNTS = Symbol('Accounts');
