import type { Site } from '@strikewire/runtime';
import type { FaceFaults } from '../faults/fault-book';
import type { Face } from './face';

const text = '<html><head><title>Service Unavailable</title></head><body></body></html>';
const headers = { 'content-type': 'text/html' };

/** The site while nothing is wrong with the whole broker; else an error, or no answer at all. */
export function withOutages(site: Face['site'], faults: FaceFaults): Required<Site> {
  const down = <T>(answerOf: (status: number) => T): T | Promise<T> | undefined => {
    const outage = faults.outage();
    if (!outage) return undefined;
    return outage.answer === 'hang' ? new Promise<T>(() => {}) : answerOf(outage.status ?? 503);
  };
  return {
    http: (request) => down((status) => ({ status, headers, body: text })) ?? site.http(request),
    socket: (request) => down((status) => ({ refuse: status })) ?? site.socket(request),
  };
}
