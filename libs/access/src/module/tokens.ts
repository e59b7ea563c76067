/** What the controllers are given, by name. */
export const ACCESS = Symbol('Access');
