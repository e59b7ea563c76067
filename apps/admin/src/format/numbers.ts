/** Shown where the market has not said. */
export const noData = '–';

const lakh = 100_000;
const crore = 10_000_000;

/** Indian grouping: 1234567 → `12,34,567`; `decimals` digits after the point. */
export function grouped(value: number, decimals = 0): string {
  if (!Number.isFinite(value)) return noData;
  const fixed = Math.abs(value).toFixed(decimals);
  const point = decimals > 0 ? fixed.length - decimals - 1 : fixed.length;
  let whole = fixed.slice(0, point);
  let tail = '';
  if (whole.length > 3) {
    tail = `,${whole.slice(-3)}`;
    whole = whole.slice(0, -3);
    while (whole.length > 2) {
      tail = `,${whole.slice(-2)}${tail}`;
      whole = whole.slice(0, -2);
    }
  }
  const text = whole + tail + fixed.slice(point);
  // A figure that rounds to nothing has no sign.
  return value < 0 && Number(fixed) !== 0 ? `−${text}` : text;
}

/** Rupees with two decimals from paise. */
export function price(paise: number): string {
  return grouped(paise / 100, 2);
}

/** Below a lakh in full, then `12.3 L`, then `1.2 Cr`. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return noData;
  const size = Math.abs(value);
  // 99,99,950 and more would round to 100.0 L.
  if (size >= crore - lakh / 20) return `${grouped(value / crore, 1)} Cr`;
  if (size >= lakh) return `${grouped(value / lakh, 1)} L`;
  return grouped(value);
}

/** Puts a plus before what is above zero; minus signs are there already. */
export function signed(value: number, text: string): string {
  return value > 0 && text !== noData ? `+${text}` : text;
}

/** A change in percent with its sign, one decimal: `+1.2%`, `−0.4%`, `0.0%`. */
export function changePercent(percent: number): string {
  const text = grouped(percent, Math.abs(percent) >= 1_000 ? 0 : 1);
  if (text === noData) return noData;
  return `${percent > 0 && Number(percent.toFixed(1)) !== 0 ? '+' : ''}${text}%`;
}

/** Figures as a strike is written: `26,000`, `1,012.5`. */
export function strikeLabel(rupees: number): string {
  const decimals = Number.isInteger(rupees) ? 0 : Number.isInteger(rupees * 10) ? 1 : 2;
  return grouped(rupees, decimals);
}

/** `1,234.50`; a dash when it is not known. */
export function rupees(value: number | null, decimals = 2): string {
  return value === null ? noData : grouped(value, decimals);
}

/** Profit and loss: with its sign, never by colour alone. */
export function gain(value: number | null, decimals = 2): string {
  return value === null ? noData : signed(value, grouped(value, decimals));
}

/** Class of a gain; empty for nothing and for what is not known. */
export function gainTone(value: number | null): 'up' | 'down' | '' {
  if (value === null || value === 0) return '';
  return value > 0 ? 'up' : 'down';
}
