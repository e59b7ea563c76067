import type { EChartsCoreOption } from 'echarts/core';

/** What a chart shows, as a table: for reading exactly, and for whoever does not see it. */
export interface ChartTable {
  /** Headings; the first column names the row. */
  columns: readonly string[];
  rows: readonly (readonly string[])[];
  /** Index of the row that one looks for first; -1 for none. */
  firstRow: number;
}

/** One chart with its table; `option` is null when there is nothing to draw. */
export interface Chart {
  option: EChartsCoreOption | null;
  table: ChartTable;
  /** What the drawing says, in a sentence. */
  summary: string;
}

/** Colours and type of the theme, as CSS writes them. */
export interface ChartStyle {
  font: string;
  text: string;
  text2: string;
  text3: string;
  line: string;
  panel: string;
  raised: string;
  ce: string;
  pe: string;
  accent: string;
}

/** A vertical line at a price, named above it. */
export interface PriceMark {
  name: string;
  /** Rupees; NaN leaves the mark out. */
  value: number;
  text: string;
}

/** What all charts have in common; nothing moves but what changes. */
export function baseOption(style: ChartStyle): EChartsCoreOption {
  return {
    animation: false,
    textStyle: { fontFamily: style.font, color: style.text2 },
    grid: { left: 52, right: 18, top: 50, bottom: 24, outerBoundsMode: 'none' },
    legend: {
      top: 0,
      left: 4,
      itemWidth: 14,
      itemHeight: 8,
      itemGap: 16,
      textStyle: { color: style.text2, fontSize: 12 },
      inactiveColor: style.text3,
    },
  };
}

/** A tooltip for everything at one place of the x axis, drawn on the canvas. */
export function axisTooltip(
  style: ChartStyle,
  textAt: (index: number) => string,
): EChartsCoreOption {
  return {
    trigger: 'axis',
    renderMode: 'richText',
    confine: true,
    transitionDuration: 0,
    backgroundColor: style.raised,
    borderColor: style.line,
    textStyle: { color: style.text, fontSize: 12 },
    axisPointer: { type: 'line', lineStyle: { color: style.text3, type: 'solid', width: 1 } },
    formatter: (hits: readonly { dataIndex: number }[]) => textAt(hits[0]?.dataIndex ?? -1),
  };
}

/** An axis of figures in muted ink; `gridLines` crosses the drawing with hairlines. */
export function valueAxis(
  style: ChartStyle,
  { gridLines, format }: { gridLines: boolean; format: (value: number) => string },
): Record<string, unknown> {
  // The ends of an axis of strikes are no round figures.
  const ends = gridLines ? {} : { showMinLabel: false, showMaxLabel: false };
  return {
    type: 'value',
    axisLabel: { color: style.text3, fontSize: 11, formatter: format, hideOverlap: true, ...ends },
    axisLine: { show: !gridLines, lineStyle: { color: style.line } },
    axisTick: { show: false },
    splitNumber: gridLines ? 4 : 6,
    splitLine: { show: gridLines, lineStyle: { color: style.line } },
  };
}

/** Lines at prices. The lower one's name stands left of it, the higher one's right: no overlap. */
export function priceMarks(
  style: ChartStyle,
  marks: readonly PriceMark[],
): Record<string, unknown> {
  const known = marks
    .filter(({ value }) => Number.isFinite(value))
    .toSorted((a, b) => a.value - b.value);
  return {
    silent: true,
    symbol: 'none',
    animation: false,
    data: known.map(({ name, value, text }, index) => ({
      name,
      xAxis: value,
      lineStyle: {
        color: name === 'Spot' ? style.accent : style.text3,
        type: name === 'Spot' ? 'solid' : 'dashed',
        width: 1,
      },
      label: {
        position: 'end',
        align: index === 0 && known.length > 1 ? 'right' : 'left',
        distance: 4,
        padding: [0, 5],
        color: name === 'Spot' ? style.accent : style.text2,
        fontSize: 11,
        formatter: `${name} ${text}`,
      },
    })),
  };
}

/** Data of a series: pairs, without those that have no figure. */
export function pairs(
  xs: readonly number[],
  ys: readonly number[],
): (readonly [number, number | null])[] {
  return xs.map((x, index) => {
    const y = ys[index] ?? NaN;
    return [x, Number.isFinite(y) ? y : null];
  });
}
