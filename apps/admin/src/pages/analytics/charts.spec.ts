import type { TermStructure } from '@strikewire/contracts';
import { describe, expect, it } from 'vitest';
import { viewOf } from '../../testing';
import { pictureOf, type ChainPicture } from './chain-points';
import type { Chart, ChartStyle } from './chart-parts';
import { interestChart } from './interest-chart';
import { smileChart } from './smile-chart';
import { termChart } from './term-chart';

const style: ChartStyle = {
  font: 'sans-serif',
  text: '#text',
  text2: '#text2',
  text3: '#text3',
  line: '#line',
  panel: '#panel',
  raised: '#raised',
  ce: '#ce',
  pe: '#pe',
  accent: '#accent',
};

interface Drawn {
  series: {
    name: string;
    itemStyle?: { color: string };
    data: unknown[];
    markLine?: { data: { name: string; xAxis: number; label: { align: string } }[] };
  }[];
  xAxis: { min: number; max: number; data: string[] };
  tooltip: { formatter(hits: { dataIndex: number }[]): string };
}

function drawn({ option }: Chart): Drawn {
  if (option === null) throw new Error('nothing is drawn');
  return option as unknown as Drawn;
}

/** Volatilities at 25,900 … 26,100 of calls and puts; spot 26,010, forward 26,020. */
function pictureWith(ivs: readonly (readonly [number, number])[]): ChainPicture {
  const view = viewOf();
  ivs.forEach(([call, put], index) => {
    view.store.iv[2 * index] = call;
    view.store.iv[2 * index + 1] = put;
  });
  const picture = pictureOf(view);
  if (!picture) throw new Error('no picture');
  const head = { forward: 26_020, atmIv: 12.2, skew: 0.5, maxPainPaise: 2_595_000 };
  return { ...picture, head: { ...picture.head, ...head } };
}

const smileIvs = [[NaN, 14], [13, 13.1], [12.5, 12.4], [12, NaN], [NaN, NaN]] as const;

describe('the smile', () => {
  const chart = smileChart(pictureWith(smileIvs), style);

  it('draws calls, puts and the leg out of the money, gaps where there is none', () => {
    const { series } = drawn(chart);
    expect(series.map(({ name, itemStyle }) => [name, itemStyle?.color])).toEqual([
      ['Call', '#ce'],
      ['Put', '#pe'],
      ['Out of the money', '#text'],
    ]);
    expect(series[0]?.data[0]).toEqual([25_900, null]);
    expect(series[2]?.data).toEqual([
      [25_900, 14],
      [25_950, 13.1],
      [26_000, 12.4],
      [26_050, 12],
      [26_100, null],
    ]);
  });

  it('goes from the first to the last strike with a volatility', () => {
    expect(drawn(chart).xAxis).toMatchObject({ min: 25_900, max: 26_050 });
  });

  it('marks spot and forward, their names on either side', () => {
    const marks = drawn(chart).series[2]?.markLine?.data ?? [];
    expect(marks.map(({ name, xAxis, label }) => [name, xAxis, label.align])).toEqual([
      ['Spot', 26_010, 'right'],
      ['Forward', 26_020, 'left'],
    ]);
  });

  it('says the same as a table and at the pointer', () => {
    expect(chart.table.rows[0]).toEqual(['25,900', '–', '14.00', '14.00']);
    expect(chart.table.rows).toHaveLength(5);
    expect(drawn(chart).tooltip.formatter([{ dataIndex: 2 }])).toBe(
      '26,000\nCall 12.50 %\nPut 12.40 %\nOut of the money 12.40 %',
    );
    expect(chart.summary).toBe('ATM 12.20 %, skew +0.50 points');
  });

  it('draws nothing without a volatility, but still has its table', () => {
    const empty = smileChart(pictureWith([]), style);
    expect(empty.option).toBeNull();
    expect(empty.table.rows[0]).toEqual(['25,900', '–', '–', '–']);
  });
});

describe('open interest', () => {
  const picture = pictureWith(smileIvs);

  it('draws calls and puts with spot and max pain', () => {
    const { series, xAxis } = drawn(interestChart(picture, style, 100));
    expect(series.map(({ name, itemStyle }) => [name, itemStyle?.color])).toEqual([
      ['Call', '#ce'],
      ['Put', '#pe'],
    ]);
    expect(series[1]?.data[4]).toEqual([26_100, 1_000]);
    expect(xAxis).toMatchObject({ min: 25_875, max: 26_125 });
    const marks = series[0]?.markLine?.data.map(({ name, xAxis: x }) => [name, x]);
    expect(marks).toEqual([['Max pain', 25_950], ['Spot', 26_010]]);
  });

  it('draws what has room, and says so; the table holds all', () => {
    const chart = interestChart(picture, style, 3);
    expect(drawn(chart).series[0]?.data).toHaveLength(3);
    expect(chart.summary).toBe('Max pain 25,950, 3 strikes around the money');
    expect(chart.table.rows).toHaveLength(5);
    expect(chart.table.rows[0]).toEqual(['25,900', '1,000', '–', '1,000', '–']);
  });

  it('draws nothing when none is known', () => {
    const points = picture.points.map((point) => {
      const none = { iv: NaN, oi: NaN, oiChange: NaN };
      return { ...point, call: none, put: none };
    });
    expect(interestChart({ ...picture, points }, style, 100).option).toBeNull();
  });
});

describe('the term structure', () => {
  const near = {
    expiry: '2026-11-24',
    class: 'weekly',
    yearsToExpiry: 0.003,
    forward: { value: 26_020.5, source: 'parity' },
    atmIv: 12.345,
    skew: 0.5,
    expectedMove: 165.25,
    stale: false,
  } as const;
  const far = { ...near, expiry: '2027-03-30', class: 'quarterly', atmIv: null } as const;
  const at = { expiry: '2026-11-24', wallMs: Date.parse('2026-11-23T10:00:00+05:30') };
  const terms = (points: TermStructure['points']): Chart =>
    termChart({ underlying: 'NIFTY', exchange: 'NSE', points }, style, at);

  it('draws each expiry with its class, the chosen one marked', () => {
    const { xAxis, series } = drawn(terms([near, far]));
    expect(xAxis.data).toEqual(['24 Nov\nweekly', '30 Mar 27\nquarterly']);
    expect(series[0]?.data).toEqual([
      { value: 12.345, symbolSize: 11, itemStyle: { color: '#accent' } },
      { value: null, symbolSize: 7, itemStyle: { color: '#text2' } },
    ]);
  });

  it('says the same as a table', () => {
    const none = { ...far, forward: null, skew: null, expectedMove: null };
    expect(terms([near, none]).table.rows).toEqual([
      ['24 Nov', 'weekly', '1 d', '12.35', '26,020.50', '+0.50', '±165.25'],
      ['30 Mar 27', 'quarterly', '127 d', '–', '–', '–', '–'],
    ]);
  });

  it('draws nothing when no expiry has a volatility', () => {
    expect(terms([far]).option).toBeNull();
  });
});
