/** Why an option has an implied volatility or has none; what `ivStatus` columns hold. */
export const ivStatus = {
  /** Solved. */
  ok: 0,
  /** The price is less than the discounted intrinsic value: stale, or the forward is off. */
  belowIntrinsic: 1,
  /** The price is the discounted intrinsic value: any small volatility would do. */
  zeroExtrinsic: 2,
  /** No price, or one that is not above zero. */
  zeroPrice: 3,
  /** The price is as much as the option can ever be worth, or more. */
  aboveMax: 4,
  /** No time is left. */
  expired: 5,
  /** Something is not a finite number, or a strike or an underlying is not above zero. */
  badInput: 6,
} as const;

/** A value of `ivStatus`. */
export type IvStatus = (typeof ivStatus)[keyof typeof ivStatus];
