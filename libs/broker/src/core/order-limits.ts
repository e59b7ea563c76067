/** At most `limit` calls within any stretch of `windowMs`, both of its ends included. */
export interface OrderRateLimit {
  name: string;
  limit: number;
  windowMs: number;
  /** Each exchange segment is counted by itself, or all of the account together. */
  per: 'segment' | 'account';
  /** Of the limit, kept for calls that lower a risk. */
  reserved?: number;
}

/** Limits of a broker as it publishes them, beside the regulator's; null: it has none. */
export interface BrokerOrderLimits {
  perSecond: number | null;
  perMinute: number | null;
  perHour: number | null;
  /** Within any 24 hours: stricter than a day of the calendar. */
  perDay: number | null;
  modificationsPerOrder: number | null;
  /** Windows of other lengths. */
  others?: readonly OrderRateLimit[];
}
