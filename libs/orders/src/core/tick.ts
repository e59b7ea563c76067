/** Down to a multiple of the tick, in paise. Half paise are rounded like any other. */
export function tickDown(pricePaise: number, tickPaise: number): number {
  return Math.floor(pricePaise / tickPaise) * tickPaise;
}

/** Up to a multiple of the tick. */
export function tickUp(pricePaise: number, tickPaise: number): number {
  return Math.ceil(pricePaise / tickPaise) * tickPaise;
}
