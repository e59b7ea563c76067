import { grouped, price, signed, strikeLabel } from '../../format/numbers';
import { chosenIv, type ChainPicture } from './chain-points';
import {
  axisTooltip,
  baseOption,
  pairs,
  priceMarks,
  valueAxis,
  type Chart,
  type ChartStyle,
} from './chart-parts';

/** Implied volatility over strikes: calls, puts, and the leg out of the money as a line. */
export function smileChart(picture: ChainPicture, style: ChartStyle): Chart {
  const { head, points } = picture;
  const strikes = points.map(({ strike }) => strike);
  const calls = points.map(({ call }) => call.iv);
  const puts = points.map(({ put }) => put.iv);
  const chosen = points.map((point) => chosenIv(point, head.forward));
  const row = (index: number): string[] => [
    strikeLabel(strikes[index] ?? NaN),
    ...[calls, puts, chosen].map((ivs) => grouped(ivs[index] ?? NaN, 2)),
  ];
  const textAt = (index: number): string => {
    const [strike = '', call = '', put = '', own = ''] = row(index);
    return `${strike}\nCall ${call} %\nPut ${put} %\nOut of the money ${own} %`;
  };
  const hasIv = (_: number, at: number): boolean =>
    Number.isFinite(calls[at]) || Number.isFinite(puts[at]);
  const ends = { first: strikes.findIndex(hasIv), last: strikes.findLastIndex(hasIv) };
  const skew = signed(head.skew, grouped(head.skew, 2));
  const spot = head.spotPaise > 0 ? head.spotPaise / 100 : NaN;
  return {
    option: ends.first >= 0
      ? {
          ...baseOption(style),
          tooltip: axisTooltip(style, textAt),
          xAxis: {
            ...valueAxis(style, { gridLines: false, format: strikeLabel }),
            min: strikes[ends.first],
            max: strikes[ends.last],
          },
          yAxis: {
            ...valueAxis(style, { gridLines: true, format: (iv) => `${grouped(iv, 0)}%` }),
            scale: true,
            minInterval: 1,
          },
          series: [
            dots('Call', style.ce, pairs(strikes, calls)),
            dots('Put', style.pe, pairs(strikes, puts)),
            {
              name: 'Out of the money',
              type: 'line',
              symbol: 'none',
              data: pairs(strikes, chosen),
              itemStyle: { color: style.text },
              lineStyle: { color: style.text, width: 1.6 },
              markLine: priceMarks(style, [
                { name: 'Spot', value: spot, text: price(head.spotPaise) },
                { name: 'Forward', value: head.forward, text: grouped(head.forward, 2) },
              ]),
            },
          ],
        }
      : null,
    table: {
      columns: ['Strike', 'Call IV %', 'Put IV %', 'Out of the money %'],
      rows: strikes.map((_, index) => row(index)),
      firstRow: head.anchorIndex,
    },
    summary: `ATM ${grouped(head.atmIv, 2)} %, skew ${skew} points`,
  };
}

function dots(
  name: string,
  color: string,
  data: (readonly [number, number | null])[],
): Record<string, unknown> {
  return { name, type: 'scatter', symbolSize: 5, itemStyle: { color, opacity: 0.85 }, data };
}
