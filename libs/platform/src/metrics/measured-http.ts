import { errorKindOf, type Clock, type Http, type HttpRequest } from '@strikewire/runtime';
import type { Metrics } from './metrics';
import { otherLabel } from './series-limit';

/** How requests to other hosts are told. */
export interface HttpMeasure {
  clock: Clock;
  /**
   * The path without anything that differs from call to call, for example `/orders/:id`; what is
   * undefined counts as `other`. It never gets the query.
   */
  patternOf(method: string, path: string): string | undefined;
  /** `outcome`: the status, or the kind of the failure. For a stream, up to its headers. */
  observe(host: string, pattern: string, outcome: string, seconds: number): void;
}

/** The same HTTP, with each request measured. */
export function measuredHttp(http: Http, measure: HttpMeasure): Http {
  const { clock, observe } = measure;
  const timed = async <T extends { status: number }>(
    request: HttpRequest,
    call: () => Promise<T>,
  ): Promise<T> => {
    const startMs = clock.monoMs();
    const { host, pattern } = placeOf(request, measure);
    const tell = (outcome: string): void =>
      observe(host, pattern, outcome, (clock.monoMs() - startMs) / 1_000);
    try {
      const answer = await call();
      tell(String(answer.status));
      return answer;
    } catch (error) {
      tell(errorKindOf(error));
      throw error;
    }
  };
  return {
    send: (request) => timed(request, () => http.send(request)),
    stream: (request) => timed(request, () => http.stream(request)),
  };
}

/** Records requests to brokers as a histogram; the `observe` of `measuredHttp`. */
export function brokerRequestMetrics(metrics: Metrics): HttpMeasure['observe'] {
  const observe = metrics.histogram({
    name: 'strikewire_broker_request_seconds',
    help: 'Time from a request to a broker to its answer, by path pattern and status or failure.',
    labels: ['host', 'path', 'outcome'],
  });
  return (host, path, outcome, seconds) => observe({ host, path, outcome }, seconds);
}

function placeOf(
  { method, url }: HttpRequest,
  { patternOf }: HttpMeasure,
): { host: string; pattern: string } {
  if (!URL.canParse(url)) return { host: otherLabel, pattern: otherLabel };
  const { host, pathname } = new URL(url);
  return { host, pattern: patternOf(method, pathname) ?? otherLabel };
}
