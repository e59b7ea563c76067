/**
 * At most `limit` requests of a class within any `windowMs`. Rules of one class add up. With
 * `perKey` each key of the class is counted by itself.
 */
export interface RateRule {
  class: string;
  limit: number;
  windowMs: number;
  perKey?: boolean;
  /** What an earlier run has sent is counted elsewhere: nothing is waited for at the start. */
  startsFree?: boolean;
}
