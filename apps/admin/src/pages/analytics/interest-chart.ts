import { grouped, price, short, signed, strikeLabel } from '../../format/numbers';
import { pointsAround, type ChainPicture } from './chain-points';
import {
  axisTooltip,
  baseOption,
  pairs,
  priceMarks,
  valueAxis,
  type Chart,
  type ChartStyle,
} from './chart-parts';

/**
 * Open interest by strike, calls and puts side by side. `strikesMax`: how many strikes have room
 * for bars; the nearest to the money are drawn, the table holds all.
 */
export function interestChart(
  { layout, head, points }: ChainPicture,
  style: ChartStyle,
  strikesMax: number,
): Chart {
  const drawn = pointsAround(points, head.anchorIndex, strikesMax);
  const strikes = drawn.map(({ strike }) => strike);
  const half = layout.strikeInterval / 2;
  const maxPain = head.maxPainPaise > 0 ? head.maxPainPaise / 100 : NaN;
  const textAt = (index: number): string => {
    const point = drawn[index];
    if (!point) return '';
    const side = (name: string, { oi, oiChange }: typeof point.call): string =>
      `${name} ${short(oi)} (${signed(oiChange, short(oiChange))})`;
    return `${strikeLabel(point.strike)}\n${side('Call', point.call)}\n${side('Put', point.put)}`;
  };
  const hasAny = points.some(({ call, put }) => call.oi > 0 || put.oi > 0);
  const spot = head.spotPaise > 0 ? head.spotPaise / 100 : NaN;
  return {
    option: hasAny
      ? {
          ...baseOption(style),
          tooltip: axisTooltip(style, textAt),
          xAxis: {
            ...valueAxis(style, { gridLines: false, format: strikeLabel }),
            min: (strikes[0] ?? 0) - half,
            max: (strikes.at(-1) ?? 0) + half,
          },
          yAxis: valueAxis(style, { gridLines: true, format: axisUnits }),
          series: [
            {
              ...bars('Call', style.ce, pairs(strikes, drawn.map(({ call }) => call.oi))),
              markLine: priceMarks(style, [
                { name: 'Spot', value: spot, text: price(head.spotPaise) },
                { name: 'Max pain', value: maxPain, text: strikeLabel(maxPain) },
              ]),
            },
            bars('Put', style.pe, pairs(strikes, drawn.map(({ put }) => put.oi))),
          ],
        }
      : null,
    table: {
      columns: ['Strike', 'Call OI', 'Call OI change', 'Put OI', 'Put OI change'],
      firstRow: head.anchorIndex,
      rows: points.map(({ strike, call, put }) => [
        strikeLabel(strike),
        ...[call, put].flatMap(({ oi, oiChange }) => [
          grouped(oi),
          signed(oiChange, grouped(oiChange)),
        ]),
      ]),
    },
    summary: [
      `Max pain ${strikeLabel(maxPain)}`,
      ...(drawn.length < points.length ? [`${drawn.length} strikes around the money`] : []),
    ].join(', '),
  };
}

/** Short and without needless decimals: `50 L`, `1.5 Cr`. */
function axisUnits(units: number): string {
  return short(units).replace('.0 ', ' ');
}

function bars(
  name: string,
  color: string,
  data: (readonly [number, number | null])[],
): Record<string, unknown> {
  return { name, type: 'bar', barGap: '0%', barCategoryGap: '28%', itemStyle: { color }, data };
}
