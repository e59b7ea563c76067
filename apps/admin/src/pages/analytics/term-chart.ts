import type { TermStructure } from '@strikewire/contracts';
import { grouped, noData, signed } from '../../format/numbers';
import { dayLabel, daysLeftLabel } from '../../format/times';
import { axisTooltip, baseOption, valueAxis, type Chart, type ChartStyle } from './chart-parts';

const columns = ['Expiry', 'Class', 'Left', 'ATM IV %', 'Forward', '25Δ skew', 'Expected move'];

/** Which expiry is looked at, YYYY-MM-DD, and when, epoch ms. */
interface Moment {
  expiry: string | null;
  wallMs: number;
}

/** Volatility at the money over expiries, nearest first, each with its class. */
export function termChart(
  { points }: TermStructure,
  style: ChartStyle,
  { expiry, wallMs }: Moment,
): Chart {
  const rows = points.map((point) => [
    dayLabel(point.expiry, wallMs),
    point.class,
    daysLeftLabel(point.expiry, wallMs),
    figure(point.atmIv),
    figure(point.forward?.value ?? null),
    signed(point.skew ?? NaN, figure(point.skew)),
    point.expectedMove === null ? noData : `±${figure(point.expectedMove)}`,
  ]);
  const hasAny = points.some(({ atmIv }) => atmIv !== null);
  return {
    option: hasAny
      ? {
          ...baseOption(style),
          grid: { left: 52, right: 30, top: 28, bottom: 38, outerBoundsMode: 'none' },
          legend: { show: false },
          tooltip: axisTooltip(style, (index) => tooltipText(rows[index] ?? [])),
          xAxis: expiryAxis(style, rows.map(([day, cls]) => `${day}\n${cls}`)),
          yAxis: {
            ...valueAxis(style, { gridLines: true, format: (iv) => `${grouped(iv, 1)}%` }),
            scale: true,
          },
          series: [
            volatilityLine(
              style,
              points.map(({ atmIv, expiry: date }) => ({ atmIv, isChosen: date === expiry })),
            ),
          ],
        }
      : null,
    table: { columns, rows, firstRow: -1 },
    summary: 'ATM IV of each expiry',
  };
}

function tooltipText([day, cls, left, iv, forward, skew, move]: readonly string[]): string {
  const figures = [`ATM IV ${iv} %`, `Forward ${forward}`, `Skew ${skew}`, `Move ${move}`];
  return [`${day} · ${cls} · ${left}`, ...figures].join('\n');
}

function expiryAxis(style: ChartStyle, data: string[]): Record<string, unknown> {
  const label = { color: style.text3, fontSize: 11, lineHeight: 14 };
  return {
    type: 'category',
    data,
    axisLabel: { ...label, interval: 0, hideOverlap: true },
    axisLine: { lineStyle: { color: style.line } },
    axisTick: { show: false },
  };
}

function volatilityLine(
  style: ChartStyle,
  points: readonly { atmIv: number | null; isChosen: boolean }[],
): Record<string, unknown> {
  return {
    name: 'ATM IV',
    type: 'line',
    symbol: 'circle',
    lineStyle: { color: style.text2, width: 1.6 },
    label: {
      show: true,
      color: style.text2,
      backgroundColor: style.panel,
      padding: [1, 3],
      fontSize: 11,
      formatter: labelAt,
    },
    data: points.map(({ atmIv, isChosen }) => ({
      value: atmIv,
      symbolSize: isChosen ? 11 : 7,
      itemStyle: { color: isChosen ? style.accent : style.text2 },
    })),
  };
}

function labelAt({ value }: { value: number | null }): string {
  return value === null ? '' : `${grouped(value, 1)}%`;
}

function figure(value: number | null): string {
  return grouped(value ?? NaN, 2);
}
