/** What the controllers are given, by name. */
export const NOTIFICATION_CENTRE = Symbol('NotificationCentre');
