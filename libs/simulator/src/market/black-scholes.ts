/** A European option on a spot without dividends. Rupees; rates and vol a year as fractions. */
export interface OptionInputs {
  isCall: boolean;
  spot: number;
  strike: number;
  years: number;
  rate: number;
  vol: number;
}

/** The raw derivatives: theta a year, vega per 1.00 of vol. */
export interface RawGreeks {
  delta: number;
  gamma: number;
  theta: number;
  vega: number;
}

export function blackScholesPrice(inputs: OptionInputs): number {
  const { isCall, spot, strike, years, rate, vol } = inputs;
  const discounted = strike * Math.exp(-rate * years);
  const deviation = vol * Math.sqrt(years);
  if (!(deviation > 0)) return Math.max(0, isCall ? spot - discounted : discounted - spot);
  const d1 = Math.log(spot / discounted) / deviation + deviation / 2;
  const d2 = d1 - deviation;
  return isCall
    ? spot * normalCdf(d1) - discounted * normalCdf(d2)
    : discounted * normalCdf(-d2) - spot * normalCdf(-d1);
}

export function blackScholesGreeks(inputs: OptionInputs): RawGreeks {
  const { isCall, spot, strike, years, rate, vol } = inputs;
  const discounted = strike * Math.exp(-rate * years);
  const root = Math.sqrt(years);
  const d1 = Math.log(spot / discounted) / (vol * root) + (vol * root) / 2;
  const d2 = d1 - vol * root;
  const density = Math.exp((-d1 * d1) / 2) / Math.sqrt(2 * Math.PI);
  const decay = (-spot * density * vol) / (2 * root);
  return {
    delta: isCall ? normalCdf(d1) : normalCdf(d1) - 1,
    gamma: density / (spot * vol * root),
    theta: isCall
      ? decay - rate * discounted * normalCdf(d2)
      : decay + rate * discounted * normalCdf(-d2),
    vega: spot * density * root,
  };
}

/** Cumulative normal distribution: Hart's rational form as given by G. West (2005), about 1e-15. */
export function normalCdf(x: number): number {
  const size = Math.abs(x);
  if (size > 37) return x > 0 ? 1 : 0;
  const bell = Math.exp((-size * size) / 2);
  const tail = size < 7.07106781186547 ? (bell * upper(size)) / lower(size) : bell / deep(size);
  return x > 0 ? 1 - tail : tail;
}

function upper(x: number): number {
  let sum = 3.52624965998911e-2 * x + 0.700383064443688;
  sum = sum * x + 6.37396220353165;
  sum = sum * x + 33.912866078383;
  sum = sum * x + 112.079291497871;
  sum = sum * x + 221.213596169931;
  return sum * x + 220.206867912376;
}

function lower(x: number): number {
  let sum = 8.83883476483184e-2 * x + 1.75566716318264;
  sum = sum * x + 16.064177579207;
  sum = sum * x + 86.7807322029461;
  sum = sum * x + 296.564248779674;
  sum = sum * x + 637.333633378831;
  sum = sum * x + 793.826512519948;
  return sum * x + 440.413735824752;
}

function deep(x: number): number {
  return (x + 1 / (x + 2 / (x + 3 / (x + 4 / (x + 0.65))))) * 2.506628274631;
}
