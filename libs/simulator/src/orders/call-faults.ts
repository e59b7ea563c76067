import type { ServedResponse } from '@strikewire/runtime';
import type { OrderCall } from '../faults/order-fault';
import type { OrderFaults } from '../faults/order-faults';

/** An answer, or what never comes. */
export type Answered = ServedResponse | Promise<ServedResponse>;

export interface FaultyCall {
  faults: OrderFaults;
  account: string;
  call: OrderCall;
  /** Does what was asked for. */
  act(): ServedResponse;
  /** The broker's own body for a status. */
  failed(status: number): ServedResponse;
}

const page = '<html><head><title>Bad Gateway</title></head><body>Bad Gateway</body></html>';

/** What was asked for happens or not, and the answer comes or not, as the faults want it. */
export function throughFaults({ faults, account, call, act, failed }: FaultyCall): Answered {
  const fault = faults.answer(account, call);
  if (!fault) return act();
  const { when, answer, status = 502 } = fault;
  const isCopy = answer === 'torn' || answer === 'twice';
  const real = when === 'after' || isCopy ? act() : undefined;
  const text = typeof real?.body === 'string' ? real.body : '';
  switch (answer) {
    case 'hang':
      return new Promise(() => {});
    case 'drop':
      return Promise.reject(new Error('the connection is dropped by a fault'));
    case 'status':
      return failed(status);
    case 'html':
      return { status, headers: { 'content-type': 'text/html' }, body: page };
    case 'empty':
      return { status: fault.status ?? 200, body: '' };
    default: {
      const body = answer === 'twice' ? text + text : text.slice(0, text.length >> 1);
      return { status: 200, ...real, body };
    }
  }
}
