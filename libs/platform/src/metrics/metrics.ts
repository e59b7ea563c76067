import { errorMessageOf, type Log } from '@strikewire/runtime';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { SeriesLimit, type Labels } from './series-limit';

/** One number with its labels. */
export interface Sample {
  labels?: Labels;
  value: number;
}

/** Numbers that some part keeps anyway, and that are read when somebody asks for them. */
export interface CollectedMetric {
  /** `strikewire_…`, with its unit at the end; a counter ends with `_total`. */
  name: string;
  help: string;
  type: 'gauge' | 'counter';
  labels?: readonly string[];
  /** Called at each scrape; values that are no number are left out. Of a part that throws, none. */
  read(): Iterable<Sample>;
  /** At most so many series; those beyond are added up as `other`. 500 unless told. */
  seriesMax?: number;
}

/** Durations that are told one by one. */
export interface HistogramMetric {
  /** `strikewire_…_seconds`. */
  name: string;
  help: string;
  labels?: readonly string[];
  /** Upper bounds in seconds, ascending; from 1 ms to 10 s unless told. */
  buckets?: readonly number[];
  /** At most so many series; those beyond are `other`. 500 unless told. */
  seriesMax?: number;
}

/** Everything that is measured, and the text that tells it. */
export interface Metrics {
  /** Adds numbers that are read at each scrape. @throws Error when the name is taken or odd */
  collectFrom(metric: CollectedMetric): void;
  /** Adds a histogram; the answer takes its values. @throws Error when the name is taken or odd */
  histogram(metric: HistogramMetric): (labels: Labels, value: number) => void;
  /** Adds a counter; the answer adds one. @throws Error when the name is taken or odd */
  counter(metric: Omit<HistogramMetric, 'buckets'>): (labels: Labels) => void;
  /** All of it in Prometheus' text format, for the route that serves it. */
  text(): Promise<{ contentType: string; body: string }>;
}

const seriesUsually = 500;
const bucketsUsually = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];
const nameShape = /^strikewire(_[a-z0-9]+)+$/;

/**
 * Metrics of one process, in a registry of their own; memory, processor, event-loop delay and
 * garbage collection are among them from the start.
 */
export function createMetrics(log: Log): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    collectFrom(metric) {
      const { name, help, type, labels = [], seriesMax = seriesUsually } = metric;
      checkName(name, type);
      const shape = { name, help, labelNames: [...labels], registers };
      const read = (set: (labels: Labels, value: number) => void): void => {
        try {
          for (const [at, value] of added(metric.read(), labels, seriesMax)) set(at, value);
        } catch (error) {
          log.warn('a metric could not be read', { name, reason: errorMessageOf(error) });
        }
      };
      if (type === 'gauge') {
        const gauge: Gauge = new Gauge({
          ...shape,
          collect: () => {
            forget(gauge, labels);
            read((at, value) => gauge.set(at, value));
          },
        });
        return;
      }
      const counter: Counter = new Counter({
        ...shape,
        collect: () => {
          forget(counter, labels);
          read((at, value) => counter.inc(at, Math.max(0, value)));
        },
      });
    },
    histogram({ name, help, labels = [], buckets = bucketsUsually, seriesMax = seriesUsually }) {
      checkName(name, 'histogram');
      const shape = { name, help, labelNames: [...labels], buckets: [...buckets], registers };
      const histogram = new Histogram(shape);
      const limit = new SeriesLimit(labels, seriesMax);
      return (at, value) => {
        if (Number.isFinite(value)) histogram.observe(limit.admit(at), value);
      };
    },
    counter({ name, help, labels = [], seriesMax = seriesUsually }) {
      checkName(name, 'counter');
      const counter = new Counter({ name, help, labelNames: [...labels], registers });
      const limit = new SeriesLimit(labels, seriesMax);
      return (at) => counter.inc(limit.admit(at));
    },
    async text() {
      return { contentType: registry.contentType, body: await registry.metrics() };
    },
  };
}

/** What was told last time; without labels the library would tell a nought that nobody gave. */
function forget(metric: Gauge | Counter, labels: readonly string[]): void {
  metric.reset();
  if (labels.length === 0) metric.remove({});
}

/** One value for each series; what is told twice, or beyond the limit, is added up. */
function added(
  samples: Iterable<Sample>,
  labels: readonly string[],
  seriesMax: number,
): Map<Labels, number> {
  const limit = new SeriesLimit(labels, seriesMax);
  const sums = new Map<Labels, number>();
  for (const { labels: given = {}, value } of samples) {
    if (!Number.isFinite(value)) continue;
    const at = limit.admit(given);
    sums.set(at, (sums.get(at) ?? 0) + value);
  }
  return sums;
}

function checkName(name: string, type: 'gauge' | 'counter' | 'histogram'): void {
  const isTotal = name.endsWith('_total');
  if (nameShape.test(name) && isTotal === (type === 'counter')) return;
  throw new Error(
    `${name} is no name for a ${type}: needs strikewire_ in front, lower case` +
      `${type === 'counter' ? ' and _total at the end' : ', and _total for counters alone'}`,
  );
}
