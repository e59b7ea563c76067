/** What the controllers are given, by name. */
export const ORDER_SERVICE = Symbol('OrderService');
