export { httpMetrics } from './http-metrics';
export { brokerRequestMetrics, measuredHttp, type HttpMeasure } from './measured-http';
export {
  createMetrics,
  type CollectedMetric,
  type HistogramMetric,
  type Metrics,
  type Sample,
} from './metrics';
export { type Labels } from './series-limit';
